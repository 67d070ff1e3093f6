#!/usr/bin/env python3
"""Exercises an IED with the client of libiec61850: the foreign client against the simulated IED.

    client.py 127.0.0.1:10102 --read LD/LN.DO.DA[FC] --urcb LD/LLN0.RP.name --control LD/LN.DO [--control ...]
              [--process 127.0.0.1:10103 --change LD/LN.DO.DA[FC]=VALUE] [--brcb LD/LLN0.BR.name --event LD/LN.DO.stVal[ST]]

Browses everything, reads every data object, reads every data set, prints the values asked for, enables the report control
block and waits for its general interrogation and for the report of a change that it makes at the process side, operates each
control object with the control model the server announces. A buffered block is left for a while and resynchronised by the
EntryID of its last report: what happened meanwhile must come once. Prints one line per step and ends with `N passed, 0 failed`; the
exit code is 0 only when nothing failed.
"""

import argparse
import ctypes
import socket
import sys
import threading
import time

import lib as libiec61850

# ACSI classes of GetLogicalNodeDirectory in libiec61850's numbering.
DATA_OBJECT, DATA_SET, BRCB, URCB = 0, 1, 2, 3
# Element masks of setRCBValues.
RCB = {"rpt_ena": 2, "resv": 4, "opt_flds": 32, "buf_tm": 64, "trg_ops": 256, "intg_pd": 512, "gi": 1024, "purge_buf": 2048,
       "entry_id": 4096, "resv_tms": 16384}
TRG_DATA_CHANGE = 1
TRG_ALL = 1 | 2 | 8 | 16
OPT_ALL_URCB = 1 | 2 | 4 | 8 | 16 | 128
# Sequence number, reason for inclusion, buffer overflow, EntryID.
OPT_BRCB = 1 | 4 | 32 | 64
BOOLEAN_TYPE, BIT_STRING_TYPE, ERROR_TYPE = 2, 3, 15
DIRECT, SBO, DIRECT_ENHANCED, SBO_ENHANCED = 1, 2, 3, 4
ENHANCED = (DIRECT_ENHANCED, SBO_ENHANCED)
# ReasonForInclusion of libiec61850.
DATA_CHANGE, GENERAL_INTERROGATION = 1, 16
# Seconds that a report, a command termination or the process behind a control may take.
PATIENCE = 5


class Run:
    def __init__(self, host, port, arguments):
        self.c = libiec61850.load()
        self.error = ctypes.c_int(0)
        self.passed = self.failed = 0
        self.host, self.port, self.arguments = host, port, arguments
        self.connect()

    def connect(self):
        tls = libiec61850.tls_configuration(self.c, self.arguments, client=True)
        # Now and then this client closes a connection by itself some milliseconds after the Initiate response of a fast server
        # (a capture shows its FIN first), and its first request tells a lost connection (3). Such an association never served anything.
        for attempt in range(5):
            self.connection = self.c.IedConnection_createWithTlsSupport(tls) if tls else self.c.IedConnection_create()
            self.c.IedConnection_setConnectTimeout(self.connection, 5000)
            self.c.IedConnection_connect(self.connection, self.error, self.host.encode(), self.port)
            if self.error.value:
                break
            self.directory(self.c.IedConnection_getLogicalDeviceList)
            if self.error.value != 3:
                self.error.value = 0
                break
            print(f"attempt {attempt + 1}: the client closed its own connection", file=sys.stderr)
        self.check("associate", self.error.value == 0, f"client error {self.error.value}")
        if self.error.value:
            self.finish()

    def check(self, what, ok, detail=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
        print(f"{'ok  ' if ok else 'FAIL'} {what}{'' if ok else ': ' + detail}", flush=True)
        return ok

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)

    def strings(self, listed):
        found, element = [], self.c.LinkedList_getNext(listed) if listed else None
        while element:
            found.append(ctypes.string_at(self.c.LinkedList_getData(element)).decode())
            element = self.c.LinkedList_getNext(element)
        return found

    def directory(self, function, *arguments):
        found = self.strings(function(self.connection, self.error, *arguments))
        return found, self.error.value

    def browse(self):
        c = self.c
        devices, error = self.directory(c.IedConnection_getLogicalDeviceList)
        self.check("logical device list", error == 0 and devices, f"client error {error}, {devices}")
        reads = sets = 0
        for device in devices:
            nodes, error = self.directory(c.IedConnection_getLogicalDeviceDirectory, device.encode())
            self.check(f"directory of {device}", error == 0 and "LLN0" in nodes, f"client error {error}, {nodes}")
            for node in nodes:
                reference = f"{device}/{node}"
                objects, error = self.directory(c.IedConnection_getLogicalNodeDirectory, reference.encode(), DATA_OBJECT)
                if not self.check(f"directory of {reference}", error == 0 and objects, f"client error {error}"):
                    continue
                for name in objects:
                    reads += self.read(f"{reference}.{name}")
                names, error = self.directory(c.IedConnection_getLogicalNodeDirectory, reference.encode(), DATA_SET)
                for name in names:
                    sets += self.read_data_set(f"{reference}.{name}")
        self.check(f"read {reads} functionally constrained data", reads > 0, "none")
        self.check(f"read {sets} data sets", sets > 0, "none")

    def read(self, reference):
        """Reads the data object once for each functional constraint that its directory names."""
        attributes, error = self.directory(self.c.IedConnection_getDataDirectoryFC, reference.encode())
        if error:
            self.check(f"directory of {reference}", False, f"client error {error}")
            return 0
        # The values of a setting group to be edited can be read only after one was selected for editing.
        constraints = sorted({name.rpartition("[")[2].rstrip("]") for name in attributes if "[" in name} - {"SE"})
        for fc in constraints:
            value = self.c.IedConnection_readObject(self.connection, self.error, reference.encode(), libiec61850.FC[fc])
            good = self.error.value == 0 and value and self.c.MmsValue_getType(value) != ERROR_TYPE
            if not good:
                self.check(f"read {reference}[{fc}]", False, f"client error {self.error.value}")
            if value:
                self.c.MmsValue_delete(value)
        return len(constraints)

    def show(self, reference):
        """Prints the value of `LD/LN.DO.DA[FC]` in the library's own spelling."""
        name, _, fc = reference.rstrip("]").partition("[")
        value = self.c.IedConnection_readObject(self.connection, self.error, name.encode(), libiec61850.FC[fc])
        if self.check(f"read {reference}", self.error.value == 0 and value, f"client error {self.error.value}"):
            buffer = ctypes.create_string_buffer(1024)
            self.c.MmsValue_printToBuffer(value, buffer, len(buffer))
            print(f"value {reference} = {buffer.value.decode()}", flush=True)
            self.c.MmsValue_delete(value)

    def set_file(self, local, name):
        """Offers a file: the server opens, reads and closes it here."""
        folder, _, source = local.rpartition("/")
        self.c.IedConnection_setFilestoreBasepath(self.connection, f"{folder}/".encode())
        self.c.IedConnection_setFile(self.connection, self.error, source.encode(), name.encode())
        self.check(f"set file {name}", self.error.value == 0, f"client error {self.error.value}")

    def delete_file(self, name):
        self.c.IedConnection_deleteFile(self.connection, self.error, name.encode())
        self.check(f"delete file {name}", self.error.value == 0, f"client error {self.error.value}")

    def read_data_set(self, reference):
        deletable = ctypes.c_bool(True)
        members = self.strings(self.c.IedConnection_getDataSetDirectory(self.connection, self.error, reference.encode(), deletable))
        values = self.c.IedConnection_readDataSetValues(self.connection, self.error, reference.encode(), None)
        size = self.c.ClientDataSet_getDataSetSize(values) if values else -1
        if self.error.value or size != len(members) or deletable.value:
            self.check(f"data set {reference}", False, f"client error {self.error.value}, {len(members)} members, {size} values, deletable {deletable.value}")
        if values:
            self.c.ClientDataSet_destroy(values)
        return 1

    def report(self, reference, change):
        c, arrived, reports = self.c, threading.Semaphore(0), []

        def on_report(_parameter, report):
            values = c.ClientReport_getDataSetValues(report)
            members = c.MmsValue_getArraySize(values) if values else 0
            reports.append({
                "id": c.ClientReport_getRptId(report).decode(),
                "sequence": c.ClientReport_getSeqNum(report) if c.ClientReport_hasSeqNum(report) else None,
                "reasons": [c.ClientReport_getReasonForInclusion(report, member) for member in range(members)],
            })
            arrived.release()

        block = c.IedConnection_getRCBValues(self.connection, self.error, reference.encode(), None)
        if not self.check(f"read report control block {reference}", self.error.value == 0 and block, f"client error {self.error.value}"):
            return
        handler = libiec61850.REPORT_HANDLER(on_report)
        c.IedConnection_installReportHandler(self.connection, reference.encode(), c.ClientReportControlBlock_getRptId(block), handler, None)
        c.ClientReportControlBlock_setResv(block, True)
        c.ClientReportControlBlock_setTrgOps(block, TRG_ALL)
        c.ClientReportControlBlock_setOptFlds(block, OPT_ALL_URCB)
        c.ClientReportControlBlock_setIntgPd(block, 0)
        c.IedConnection_setRCBValues(self.connection, self.error, block, RCB["resv"] | RCB["trg_ops"] | RCB["opt_flds"] | RCB["intg_pd"], True)
        self.check("configure it", self.error.value == 0, f"client error {self.error.value}")
        c.ClientReportControlBlock_setRptEna(block, True)
        c.IedConnection_setRCBValues(self.connection, self.error, block, RCB["rpt_ena"], True)
        self.check("enable it", self.error.value == 0, f"client error {self.error.value}")
        c.IedConnection_triggerGIReport(self.connection, self.error, reference.encode())
        self.check("interrogate it", self.error.value == 0, f"client error {self.error.value}")
        if self.check("its report arrives", arrived.acquire(timeout=PATIENCE), f"no report within {PATIENCE} s"):
            first = reports[0]
            print(f"report {first}", flush=True)
            self.check("every member is in it because of the general interrogation and SqNum is 0",
                       set(first["reasons"]) == {GENERAL_INTERROGATION} and first["sequence"] == 0, str(first))
        if change:
            self.check(f"change {change[1]} at the process side", *process(change))
            if self.check("the report of the change arrives", arrived.acquire(timeout=PATIENCE), f"no report within {PATIENCE} s"):
                second = reports[1]
                print(f"report {second}", flush=True)
                self.check("one member is in it because of a data change and SqNum is 1",
                           sorted(filter(None, second["reasons"])) == [DATA_CHANGE] and second["sequence"] == 1, str(second))
        c.ClientReportControlBlock_setRptEna(block, False)
        c.IedConnection_setRCBValues(self.connection, self.error, block, RCB["rpt_ena"], True)
        self.check("disable it", self.error.value == 0, f"client error {self.error.value}")
        c.ClientReportControlBlock_setResv(block, False)
        c.IedConnection_setRCBValues(self.connection, self.error, block, RCB["resv"], True)
        self.check("release it", self.error.value == 0, f"client error {self.error.value}")
        c.IedConnection_uninstallReportHandler(self.connection, reference.encode())
        c.ClientReportControlBlock_destroy(block)

    def buffered(self, reference, event):
        """Takes a report, loses the association, comes back with the EntryID of that report; `event` is a Boolean of the process."""
        c, reports = self.c, []

        def on_report(_parameter, report):
            values = c.ClientReport_getDataSetValues(report)
            entry = c.ClientReport_getEntryId(report)
            included = [member for member in range(c.MmsValue_getArraySize(values)) if c.ClientReport_getReasonForInclusion(report, member)]
            reports.append({
                "sequence": c.ClientReport_getSeqNum(report),
                "overflow": c.ClientReport_getBufOvfl(report) if c.ClientReport_hasBufOvfl(report) else None,
                "values": [c.MmsValue_getBoolean(c.MmsValue_getElement(c.MmsValue_getElement(values, member), 0)) for member in included],
                "entry": ctypes.string_at(c.MmsValue_getOctetStringBuffer(entry), c.MmsValue_getOctetStringSize(entry)) if entry else None,
            })

        handler = libiec61850.REPORT_HANDLER(on_report)
        block = None

        def use():
            nonlocal block
            block = c.IedConnection_getRCBValues(self.connection, self.error, reference.encode(), None)
            if not self.check(f"read report control block {reference}", self.error.value == 0 and block, f"client error {self.error.value}"):
                self.finish()
            c.IedConnection_installReportHandler(self.connection, reference.encode(), c.ClientReportControlBlock_getRptId(block), handler, None)

        def write(*names):
            c.IedConnection_setRCBValues(self.connection, self.error, block, sum(RCB[name] for name in names), True)
            return self.error.value

        def enable(on):
            c.ClientReportControlBlock_setRptEna(block, on)
            error = write("rpt_ena")
            self.check("enable it" if on else "disable it", error == 0, f"client error {error}")

        def resynchronise(entry):
            value = c.MmsValue_newOctetString(len(entry), len(entry))
            c.MmsValue_setOctetString(value, entry, len(entry))
            c.ClientReportControlBlock_setEntryId(block, value)
            return write("entry_id")

        def change(on):
            self.check(f"change {event} to {on}", *process((self.arguments.process, event, str(on).lower())))
            # So that each is an event of its own.
            time.sleep(0.1)

        def collect(count):
            """All reports that come: as many as are due, and then none for a second."""
            deadline = time.monotonic() + PATIENCE
            while len(reports) < count and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(1)
            found = reports[:]
            reports.clear()
            return found

        use()
        c.ClientReportControlBlock_setPurgeBuf(block, True)
        c.ClientReportControlBlock_setTrgOps(block, TRG_DATA_CHANGE)
        c.ClientReportControlBlock_setOptFlds(block, OPT_BRCB)
        c.ClientReportControlBlock_setIntgPd(block, 0)
        c.ClientReportControlBlock_setBufTm(block, 0)
        self.check("configure it", write("purge_buf", "trg_ops", "opt_flds", "intg_pd", "buf_tm") == 0, f"client error {self.error.value}")
        enable(True)
        change(True)
        known = collect(1)
        if not self.check("the report of a change arrives", len(known) == 1 and known[0]["values"] == [True], f"{known}"):
            return
        c.ClientReportControlBlock_destroy(block)
        c.IedConnection_close(self.connection)
        for on in (False, True, False):
            change(on)
        self.connect()
        use()
        self.check("write the EntryID of the last report", resynchronise(known[0]["entry"]) == 0, f"client error {self.error.value}")
        enable(True)
        missed = collect(3)
        self.check("what happened meanwhile comes once and in order", [report["values"] for report in missed] == [[False], [True], [False]], f"{missed}")
        self.check("SqNum begins with 0 and has no gap", [report["sequence"] for report in missed] == [0, 1, 2], f"{missed}")
        self.check("nothing was lost", [report["overflow"] for report in missed] == [False] * 3, f"{missed}")
        self.check("every EntryID is new", len({report["entry"] for report in known + missed}) == 4, f"{missed}")
        enable(False)
        self.check("write the EntryID of the second of them", resynchronise(missed[1]["entry"]) == 0, f"client error {self.error.value}")
        enable(True)
        again = collect(1)
        self.check("the third comes again, and only that", [report["entry"] for report in again] == [missed[2]["entry"]], f"{again}")
        enable(False)
        self.check("an unknown EntryID is refused", resynchronise(b"\xfe" * 8) != 0, "it was accepted")
        c.ClientReportControlBlock_setResvTms(block, 0)
        self.check("release it", write("resv_tms") == 0, f"client error {self.error.value}")
        c.IedConnection_uninstallReportHandler(self.connection, reference.encode())
        c.ClientReportControlBlock_destroy(block)

    def operate(self, reference):
        c = self.c
        control = c.ControlObjectClient_create(reference.encode(), self.connection)
        if not self.check(f"control object {reference}", bool(control), "its control model or Oper cannot be read"):
            return
        model = c.ControlObjectClient_getControlModel(control)
        c.ControlObjectClient_setOrigin(control, b"iedassay", 3)
        terminated, add_causes = threading.Event(), []

        def on_termination(_parameter, control):
            add_causes.append(c.ControlObjectClient_getLastApplError(control).add_cause)
            terminated.set()

        handler = libiec61850.TERMINATION_HANDLER(on_termination)
        c.ControlObjectClient_setCommandTerminationHandler(control, handler, None)
        before = self.status(reference)
        value = c.MmsValue_newBoolean(not before)
        if model == SBO:
            self.check(f"select {reference}", c.ControlObjectClient_select(control), "refused")
        elif model == SBO_ENHANCED:
            self.check(f"select {reference} with value", c.ControlObjectClient_selectWithValue(control, value), "refused")
        self.check(f"operate {reference} (control model {model})", c.ControlObjectClient_operate(control, value, 0),
                   f"refused, client error {c.ControlObjectClient_getLastError(control)}")
        if model in ENHANCED:
            self.check("its positive command termination arrives", terminated.wait(PATIENCE) and add_causes == [0],
                       f"AddCause {add_causes}" if add_causes else f"no command termination within {PATIENCE} s")
        deadline = time.monotonic() + PATIENCE
        while self.status(reference) != (not before) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.check(f"its status follows to {not before}", self.status(reference) == (not before), f"{self.status(reference)}")
        c.MmsValue_delete(value)
        c.ControlObjectClient_destroy(control)

    def status(self, reference):
        value = self.c.IedConnection_readObject(self.connection, self.error, f"{reference}.stVal".encode(), libiec61850.FC["ST"])
        if self.error.value or not value:
            return None
        if self.c.MmsValue_getType(value) == BOOLEAN_TYPE:
            state = self.c.MmsValue_getBoolean(value)
        else:
            # Double point: bits `10` are on, which this library reads as the integer 1 (least significant bit first).
            state = self.c.MmsValue_getBitStringAsInteger(value) == 1
        self.c.MmsValue_delete(value)
        return state


def process(change, verb="set"):
    """Sends one line to the process side: whether it took it, and its answer."""
    address, reference, value = change
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as stream:
        stream.sendall(f"{verb} {reference} {value}\n".encode())
        answer = stream.makefile().readline().strip()
    return answer.startswith("ok"), answer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--read", action="append", default=[])
    parser.add_argument("--process")
    parser.add_argument("--change")
    parser.add_argument("--urcb", action="append", default=[])
    parser.add_argument("--brcb", action="append", default=[])
    parser.add_argument("--event", metavar="REF", help="a Boolean of the process that starts false")
    parser.add_argument("--control", action="append", default=[])
    libiec61850.tls_arguments(parser)
    parser.add_argument("--set-file", metavar="LOCAL=NAME", help="offers LOCAL, which the server obtains as NAME")
    parser.add_argument("--delete-file", metavar="NAME")
    arguments = parser.parse_args()
    host, _, port = arguments.address.rpartition(":")
    run = Run(host, int(port), arguments)
    run.browse()
    for reference in arguments.read:
        run.show(reference)
    change = None
    if arguments.change:
        reference, _, value = arguments.change.partition("=")
        change = (arguments.process, reference, value)
    for reference in arguments.urcb:
        run.report(reference, change)
    for reference in arguments.brcb:
        run.buffered(reference, arguments.event)
    for reference in arguments.control:
        run.operate(reference)
    if arguments.set_file:
        run.set_file(*arguments.set_file.split("=", 1))
    if arguments.delete_file:
        run.delete_file(arguments.delete_file)
    run.c.IedConnection_release(run.connection, run.error)
    run.check("release the association", run.error.value == 0, f"client error {run.error.value}")
    run.finish()


if __name__ == "__main__":
    main()
