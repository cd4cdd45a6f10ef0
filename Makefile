# meter: `make` builds build/meter.  `make deps demo` and `make deps test` are
# the two commands of the README.  SAN=address,undefined builds a variant in a
# folder of its own; V=1 shows the commands in full.

comma    := ,
VERSION  := $(shell sed -n 's/^.define METER_VERSION "\(.*\)"/\1/p' cmd/main.c)
PREFIX   ?= /usr/local
CFLAGS   ?= -O2 -g
OUT      ?= build$(if $(SAN),/$(subst $(comma),-,$(SAN)))$(if $(COVERAGE),/coverage)
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif

WARN  = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
        -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
        -Wvla -Wundef -Wformat=2 -Werror
HARD  = -fstack-protector-strong -fPIE \
        $(if $(SAN)$(COVERAGE),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
HOUSE = -std=c11 -D_GNU_SOURCE -I. $(WARN) $(HARD) \
        $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all) \
        $(if $(COVERAGE),--coverage -fprofile-update=atomic)
LINK  = -pie -Wl,-z,relro,-z,now -Wl,--as-needed

# What a user needs, and what the tests need on top: named here, once.
DEPS      = build-essential libyaml-dev libcsv-dev libpcre2-dev libyajl-dev \
            libmd-dev
TEST_DEPS = libcriterion-dev python3 python3-yaml clang libclang-rt-dev \
            clang-format clang-tidy cppcheck shellcheck universal-ctags gcovr \
            valgrind strace hyperfine mandoc man-db git time procps \
            util-linux mount e2fsprogs miller sqlite3 chromium \
            chromium-driver python3-selenium cmark-gfm pandoc
LDLIBS    = -lyaml -lcsv -lpcre2-8 -lyajl -lmd

LIB   := $(patsubst %.c,$(OUT)/%.o,$(wildcard lib/*/*.c))
CMD   := $(patsubst %.c,$(OUT)/%.o,$(wildcard cmd/*.c))
TEST  := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/unit/*.c tests/cli/*.c))
PEER  := $(patsubst tests/%.c,$(OUT)/%,$(wildcard tests/peer/*.c))
FUZZ  := $(patsubst tests/%.c,$(OUT)/%,$(wildcard tests/fuzz/fuzz_*.c))
OTHER := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/peer/*.c tests/fuzz/*.c))
TRACED = $(if $(findstring address,$(SAN)),$(OUT)/tests/traced.o)

Q      = $(if $(V),,@)
say    = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)')
link   = $(CC) $(HOUSE) $(CFLAGS) $(LINK) $(LDFLAGS) -o $@ $^ $(LDLIBS)
runner = METER=$(abspath $(OUT)/meter) METER_OUT=$(abspath $(OUT))

all: $(OUT)/meter

$(OUT)/meter: $(CMD) $(TRACED) $(OUT)/libmeter.a
$(OUT)/check: $(TEST) $(OUT)/libmeter.a
$(OUT)/check: LDLIBS += -lcriterion
$(PEER): $(OUT)/peer/%: $(OUT)/tests/peer/%.o $(TRACED) $(OUT)/libmeter.a
$(FUZZ): $(OUT)/fuzz/%: $(OUT)/tests/fuzz/%.o $(OUT)/libmeter.a
$(FUZZ): LINK += -fsanitize=fuzzer
$(OUT)/meter $(OUT)/check $(PEER) $(FUZZ):
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(link)

$(OUT)/libmeter.a: $(LIB)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# With `make deps test` nothing is compiled before its libraries are there.
$(TEST) $(OTHER): WARN += -Wno-conversion -Wno-sign-conversion -Wno-write-strings
$(OUT)/%.o: %.c Makefile | $(filter deps,$(MAKECMDGOALS))
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(HOUSE) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/lib/core/rates_package.o: rates/model-rates.yaml

deps:
	@sh tests/deps.sh $(DEPS) $(TEST_DEPS)
	@sh tests/npm.sh

tests: $(OUT)/meter $(OUT)/check $(PEER)
objects: tests $(OTHER)

test: tests
	$(Q)$(runner) $(OUT)/check

demo: all
	@sh tests/demo.sh $(abspath $(OUT)/meter)

bench: tests
	$(Q)$(runner) /usr/bin/python3 tests/bench/run.py $(abspath $(OUT)/meter)

lint: tests
	$(Q)$(runner) MAKE='$(MAKE)' sh tests/lint/all.sh

asan:
	$(Q)LSAN_OPTIONS=suppressions=$(abspath tests/lsan.supp):print_suppressions=0 \
	    METER_TEST_QUICK=1 $(MAKE) SAN=address,undefined OUT=$(OUT)/asan test

fuzz:
	$(Q)$(MAKE) CC=clang OUT=$(OUT)/fuzzing \
	    SAN=fuzzer-no-link,address,undefined fuzzers
	$(Q)sh tests/fuzz/run.sh $(OUT)/fuzzing $(or $(FUZZ_SECONDS),60)
fuzzers: $(FUZZ)

valgrind: tests
	$(Q)METER_OUT=$(abspath $(OUT)) sh tests/valgrind.sh $(abspath $(OUT)/meter)

coverage:
	$(Q)METER_TEST_QUICK=1 $(MAKE) COVERAGE=1 OUT=$(OUT)/coverage test
	$(Q)gcovr --root . --filter lib/ --sort-uncovered --print-summary \
	    --exclude-throw-branches --gcov-ignore-parse-errors \
	    --fail-under-line 90 $(OUT)/coverage

SHARE = $(DESTDIR)$(PREFIX)/share
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/man/man5 $(SHARE)/meter
	install $(OUT)/meter $(DESTDIR)$(PREFIX)/bin
	install -m 644 man/*.1 $(SHARE)/man/man1
	install -m 644 man/*.5 $(SHARE)/man/man5
	install -m 644 rates/model-rates.yaml $(SHARE)/meter

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/meter $(SHARE)/meter/model-rates.yaml
	rm -f $(patsubst man/%.1,$(SHARE)/man/man1/%.1,$(wildcard man/*.1))
	rm -f $(patsubst man/%.5,$(SHARE)/man/man5/%.5,$(wildcard man/*.5))
	-rmdir $(SHARE)/meter

dist:
	$(Q)sh tests/dist.sh make meter-$(VERSION)

distcheck: dist
	$(Q)sh tests/dist.sh check meter-$(VERSION)

clean:
	rm -rf build

.PHONY: all deps tests objects test demo bench lint asan fuzz fuzzers \
        valgrind coverage install uninstall dist distcheck clean
.DELETE_ON_ERROR:
-include $(patsubst %.o,%.d,$(LIB) $(CMD) $(TEST) $(OTHER))
