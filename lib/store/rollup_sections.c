#include "lib/store/rollup_sections.h"

#define BIT(name) (UINT32_C(1) << (name))
#define SINGLE(name)                                                           \
	{                                                                      \
		ROLLUP_DIMENSIONS, 1, { USAGE_##name }, BIT(USAGE_##name)      \
	}
#define OF_TASK(name)                                                          \
	{                                                                      \
		ROLLUP_TASK, 2, { USAGE_##name, USAGE_TASK },                  \
		    BIT(USAGE_##name)                                          \
	}

const struct rollup_section rollup_sections[ROLLUP_SECTION_COUNT] = {
	{ ROLLUP_DIMENSIONS, 0, { USAGE_RUN }, 0 },
	SINGLE(RUN),
	SINGLE(WORKFLOW),
	SINGLE(STAGE),
	SINGLE(PROVIDER),
	SINGLE(ACCOUNT),
	SINGLE(MODEL),
	SINGLE(AGENT),
	SINGLE(TIER),
	SINGLE(SESSION),
	SINGLE(TASK),
	OF_TASK(WORKSTREAM),
	OF_TASK(QUEST),
	OF_TASK(REPO),
	SINGLE(COMMIT),
	SINGLE(RELEASE),
	SINGLE(ENTITY_TYPE),
	SINGLE(ENTITY_ID),
	SINGLE(RESOURCE),
	SINGLE(STATUS),
	{ ROLLUP_HOUR, 1, { USAGE_RUN }, BIT(QUERY_HOUR) },
	{ ROLLUP_DIMENSIONS, 2, { USAGE_ENTITY_TYPE, USAGE_ENTITY_ID },
	    BIT(USAGE_ENTITY_TYPE) | BIT(USAGE_ENTITY_ID) },
	{ ROLLUP_DIMENSIONS, 2, { USAGE_TIER, USAGE_MODEL },
	    BIT(USAGE_TIER) | BIT(USAGE_MODEL) },
	/* What there are few of, together. */
	{ ROLLUP_DIMENSIONS, 6,
	    { USAGE_RESOURCE, USAGE_PROVIDER, USAGE_ACCOUNT, USAGE_MODEL,
		USAGE_TIER, USAGE_STATUS },
	    BIT(USAGE_RESOURCE) | BIT(USAGE_PROVIDER) | BIT(USAGE_ACCOUNT) |
		BIT(USAGE_MODEL) | BIT(USAGE_TIER) | BIT(USAGE_STATUS) },
};

#define DAYS (BIT(QUERY_DAY) | BIT(QUERY_WEEK) | BIT(QUERY_MONTH))
#define TIMES (DAYS | BIT(QUERY_HOUR))
#define PARTS (BIT(USAGE_ENTITY_TYPE) | BIT(USAGE_ENTITY_ID))

bool
rollup_sections_need(uint32_t *need, uint32_t dimensions, bool is_utc)
{
	if (!is_utc && (dimensions & TIMES))
		return false;
	*need = dimensions & ~(DAYS | BIT(QUERY_ENTITY));
	if (dimensions & BIT(QUERY_ENTITY))
		*need |= PARTS;
	return true;
}

uint32_t
rollup_sections_known(const struct rollup_section *section, bool is_utc)
{
	uint32_t known = section->covers;

	if ((known & PARTS) == PARTS)
		known |= BIT(QUERY_ENTITY);
	if (!is_utc)
		return known & ~TIMES;
	return known | DAYS;
}
