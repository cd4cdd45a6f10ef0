"""What it costs to start, and to look."""

import os

import record
import timing


def main(meter, scratch):
    print("start-up, against true")
    ours, theirs = timing.in_turn([[meter, "--version"], ["/bin/true"]], 41)
    timing.show("meter --version", *ours)
    timing.show("true", *theirs)
    timing.ratio("meter --version : true", ours[0] / theirs[0])

    print("looking, with 10,000 runs there")
    folder = record.make_history(os.path.join(scratch, "look"), 10000)
    timing.run(record.record(meter, folder))
    looks = [["variance"], ["usage", "runs", "--limit", "10"],
             ["usage", "run", "5000"]]
    figures = timing.in_turn([[meter, "-C", folder] + look for look in looks],
                             21)
    for look, figure in zip(looks, figures):
        timing.show("meter " + " ".join(look), *figure)
