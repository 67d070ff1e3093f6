#!/usr/bin/env python3
"""Times single reads of the client of libiec61850, for the benches.

    bench.py 127.0.0.1:10102 LD/LN.DO.DA[FC]

Opens one association (with a second one in the process the library becomes slow) and prints `ready`. Then every line on
standard input is a number of reads of the BOOLEAN, one after the other; the answer is a line with the nanoseconds they took.
One call into the library is one read, decoded and freed there, so Python adds about a microsecond to each.
"""

import ctypes
import sys
import time

import lib as libiec61850


def main():
    address, reference = sys.argv[1:]
    host, _, port = address.rpartition(":")
    name, _, fc = reference.partition("[")
    c = libiec61850.load()
    error = ctypes.c_int(0)
    connection = c.IedConnection_create()
    c.IedConnection_connect(connection, error, host.encode(), int(port))
    if error.value:
        sys.exit(f"cannot associate with {address}: client error {error.value}")
    read, name, fc = c.IedConnection_readBooleanValue, name.encode(), libiec61850.FC[fc.rstrip("]")]
    failed = ctypes.byref(error)
    read(connection, failed, name, fc)
    if error.value:
        sys.exit(f"cannot read {reference}: client error {error.value}")
    print("ready", flush=True)
    for line in sys.stdin:
        count = range(int(line))
        began = time.perf_counter_ns()
        for _ in count:
            read(connection, failed, name, fc)
        took = time.perf_counter_ns() - began
        # The library keeps the last error; one look at the end is enough to know that the link still stands.
        if error.value:
            sys.exit(f"a read failed: client error {error.value}")
        print(took, flush=True)
    c.IedConnection_close(connection)


if __name__ == "__main__":
    main()
