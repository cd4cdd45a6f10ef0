#include "lib/base/hash.h"

#include <string.h>

#define FACTOR UINT64_C(0x9E3779B97F4A7C15)

/* A product's high bits depend on all bits, its low ones on few: twice. */
uint64_t
hash_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * FACTOR;
	hash = (hash ^ hash >> 32) * FACTOR;
	return hash ^ hash >> 32;
}

/* Eight bytes at a time; the last ones with the length. */
uint64_t
hash_text(uint64_t hash, struct text text)
{
	uint64_t word;
	size_t i;

	if (!text.data)
		return hash_word(hash, UINT64_MAX);
	hash += text.len * FACTOR;
	for (i = 0; i + sizeof(word) < text.len; i += sizeof(word)) {
		memcpy(&word, text.data + i, sizeof(word));
		hash = hash_word(hash, word);
	}
	word = 0;
	memcpy(&word, text.data + i, text.len - i);
	return hash_word(hash, word);
}
