#!/usr/bin/python3
"""All benchmarks: `run.py METER`.  They print, and assert nothing."""

import os
import sys
import tempfile

import daily
import dashboard
import follow
import ledger
import pages
import prices
import record
import startup
import tasks


def main():
    meter = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        startup.main(meter, scratch)
        record.main(meter, scratch)
        prices.main(meter, scratch)
        ledger.main(meter, scratch)
        pages.main(meter, scratch)
        daily.main(meter, scratch)
        tasks.main(meter, scratch)
        dashboard.main(meter, scratch)
        follow.main(meter, scratch)


main()
