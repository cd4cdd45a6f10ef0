#!/usr/bin/python3
# test: PEER/yaml_peer 100000
"""Compare the YAML of a program (tests/peer/yaml_peer.c) with PyYAML's."""

import yaml

import compare


def check(value, answer):
    wanted = yaml.safe_dump(value, sort_keys=False).encode()
    return None if answer == wanted else wanted


if __name__ == "__main__":
    compare.main("yaml_write.py", 100000, [("yaml", check)])
