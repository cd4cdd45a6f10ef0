# Two weeks of a quest that uses about 1,000 tokens and 1 USD a day, a record
# for each of two tasks, as events.
for day in 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
	for task in t-1 t-2; do
		echo "{\"id\": \"$day-$task\", \"at\": \"2026-11-${day}T09:00:00Z\",
		    \"quest\": \"q-ri\", \"task\": \"$task\", \"model\": \"small\",
		    \"input_tokens\": 49${day#?}, \"cost_usd\": 0.5}"
	done
done
