# meter: `make` builds build/meter.  `make deps demo` and `make deps test` are
# the two commands of the README.  SAN=address,undefined builds a variant in a
# folder of its own.

comma  := ,
PREFIX ?= /usr/local
CFLAGS ?= -O2 -g
OUT    ?= build$(if $(SAN),/$(subst $(comma),-,$(SAN)))$(if $(COVERAGE),/coverage)

WARN  = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
        -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
        -Wvla -Wundef -Wformat=2 -Werror
HARD  = -fstack-protector-strong -fPIE \
        $(if $(SAN)$(COVERAGE),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
HOUSE = -std=c11 -D_GNU_SOURCE -I. $(WARN) $(HARD) \
        $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) \
        $(if $(COVERAGE),--coverage -O0)
LINK  = -pie -Wl,-z,relro,-z,now -Wl,--as-needed

# What a user needs, and what the tests need on top: named here, once.
DEPS      = build-essential libyaml-dev libcsv-dev libpcre2-dev libyajl-dev \
            libssl-dev
TEST_DEPS = libcriterion-dev python3 python3-yaml clang libclang-rt-dev \
            valgrind strace mandoc man-db universal-ctags shellcheck cppcheck \
            clang-format gcovr hyperfine git
LDLIBS    = -lyaml -lcsv -lpcre2-8 -lyajl -lcrypto

LIB   := $(patsubst %.c,$(OUT)/%.o,$(wildcard lib/*/*.c))
CMD   := $(patsubst %.c,$(OUT)/%.o,$(wildcard cmd/*.c))
TEST  := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/unit/*.c tests/cli/*.c))

all: $(OUT)/meter

$(OUT)/meter: $(CMD) $(OUT)/libmeter.a
	$(CC) $(HOUSE) $(CFLAGS) $(LINK) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(OUT)/check: $(TEST) $(OUT)/libmeter.a
	$(CC) $(HOUSE) $(CFLAGS) $(LINK) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcriterion

$(OUT)/libmeter.a: $(LIB)
	@rm -f $@
	$(AR) rcs $@ $^

$(TEST): WARN += -Wno-conversion -Wno-sign-conversion -Wno-write-strings
$(OUT)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(HOUSE) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

test: $(OUT)/check $(OUT)/meter
	METER=$(abspath $(OUT)/meter) $(OUT)/check

deps:
	@sh tests/deps.sh $(DEPS) $(TEST_DEPS)

clean:
	rm -rf build

.PHONY: all test deps clean
-include $(LIB:.o=.d) $(CMD:.o=.d) $(TEST:.o=.d)
