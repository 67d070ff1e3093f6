#!/usr/bin/env python3
"""Exercises, with the client of libiec61850, the services of an IED that `client.py` leaves out.

    services.py 127.0.0.1:10102 --process 127.0.0.1:10103

Against the built-in description: reports with each optional field alone and with all, and of an integrity period; setting groups (select, edit, confirm), a data set that is created, read, written and deleted, a log
by time and after an entry, files, substitution, a GOOSE control block, refused commands with their additional cause, identify and
status. Prints one line per step and ends with `N passed, 0 failed`; the exit code is 0 only when nothing failed.
"""

import argparse
import ctypes
import queue
import time

import lib as libiec61850
from client import PATIENCE, RCB, TRG_ALL, Run, process

ST, SP, SV, SG, SE, LG, GO = (libiec61850.FC[name] for name in ("ST", "SP", "SV", "SG", "SE", "LG", "GO"))
# ACSI class of GetLogicalNodeDirectory in libiec61850's numbering, and the element mask of setGoCBValues.
GOCB, GOCB_GO_ENA = 7, 1
# OptFlds of libiec61850, and what tells that a report has the field.
OPTIONS = {
    "SqNum": (1, lambda c, report: c.ClientReport_hasSeqNum(report)),
    "TimeOfEntry": (2, lambda c, report: c.ClientReport_hasTimestamp(report)),
    "ReasonCode": (4, lambda c, report: c.ClientReport_hasReasonForInclusion(report)),
    "DatSet": (8, lambda c, report: c.ClientReport_hasDataSetName(report)),
    "DataRef": (16, lambda c, report: c.ClientReport_hasDataReference(report)),
    "BufOvfl": (32, lambda c, report: c.ClientReport_hasBufOvfl(report)),
    "EntryID": (64, lambda c, report: bool(c.ClientReport_getEntryId(report))),
    "ConfRev": (128, lambda c, report: c.ClientReport_hasConfRev(report)),
}
BUFFERED_ONLY = {"BufOvfl", "EntryID"}
INTEGRITY = 8
# Additional causes (IEC 61850-7-2).
BLOCKED_BY_INTERLOCKING, OBJECT_NOT_SELECTED = 10, 18


class Services(Run):
    def good(self, what):
        return self.check(what, self.error.value == 0, f"client error {self.error.value}")

    def equal(self, what, found, wanted):
        return self.check(what, found == wanted, f"{found!r} and not {wanted!r}")

    def text(self, value):
        """A value in the library's own spelling."""
        buffer = ctypes.create_string_buffer(4096)
        self.c.MmsValue_printToBuffer(value, buffer, len(buffer))
        return buffer.value.decode()

    def value(self, reference, fc):
        value = self.c.IedConnection_readObject(self.connection, self.error, reference.encode(), fc)
        if self.error.value or not value:
            return None
        shown = self.text(value)
        self.c.MmsValue_delete(value)
        return shown

    def write(self, reference, fc, value):
        self.c.IedConnection_writeObject(self.connection, self.error, reference.encode(), fc, value)
        self.c.MmsValue_delete(value)
        return self.error.value

    def reports(self, reference, buffered):
        """Reports with each optional field alone, then with all of them."""
        for names in [[name] for name in OPTIONS] + [list(OPTIONS)]:
            bits = sum(OPTIONS[name][0] for name in names)
            wanted = set(names) if buffered else set(names) - BUFFERED_ONLY
            for found in self.reported(reference, bits, 0, 1):
                self.equal(f"{reference} with {'+'.join(names)}", found["fields"], wanted)

    def integrity(self, reference):
        told = self.reported(reference, 1 | 4, 300, 3)
        self.equal("an interrogation and two integrity reports", len(told), 3)
        self.equal("their numbers", [report["sequence"] for report in told], [0, 1, 2])
        self.equal("their reasons", [report["reasons"] for report in told[1:]], [{INTEGRITY}] * 2)

    def reported(self, reference, options, period, count):
        """Enables a block with these options, interrogates it, and answers its first reports."""
        c, arrived = self.c, queue.Queue()

        def on_report(_parameter, report):
            values = c.ClientReport_getDataSetValues(report)
            members = c.MmsValue_getArraySize(values) if values else 0
            arrived.put({
                "fields": {name for name, (_, has) in OPTIONS.items() if has(c, report)},
                "sequence": c.ClientReport_getSeqNum(report) if c.ClientReport_hasSeqNum(report) else None,
                "reasons": {c.ClientReport_getReasonForInclusion(report, member) for member in range(members)},
            })

        block = c.IedConnection_getRCBValues(self.connection, self.error, reference.encode(), None)
        if not self.check(f"read {reference}", self.error.value == 0 and block, f"client error {self.error.value}"):
            return []
        handler = libiec61850.REPORT_HANDLER(on_report)
        c.IedConnection_installReportHandler(self.connection, reference.encode(), c.ClientReportControlBlock_getRptId(block), handler, None)
        c.ClientReportControlBlock_setTrgOps(block, TRG_ALL)
        c.ClientReportControlBlock_setOptFlds(block, options)
        c.ClientReportControlBlock_setIntgPd(block, period)
        c.IedConnection_setRCBValues(self.connection, self.error, block, RCB["trg_ops"] | RCB["opt_flds"] | RCB["intg_pd"], True)
        self.check("configure it", self.error.value == 0, f"client error {self.error.value}")
        c.ClientReportControlBlock_setRptEna(block, True)
        c.IedConnection_setRCBValues(self.connection, self.error, block, RCB["rpt_ena"], True)
        c.IedConnection_triggerGIReport(self.connection, self.error, reference.encode())
        told = []
        try:
            while len(told) < count:
                told.append(arrived.get(timeout=PATIENCE))
        except queue.Empty:
            self.check(f"{count} reports of {reference}", False, f"{len(told)} within {PATIENCE} s")
        c.ClientReportControlBlock_setRptEna(block, False)
        c.IedConnection_setRCBValues(self.connection, self.error, block, RCB["rpt_ena"], True)
        c.IedConnection_uninstallReportHandler(self.connection, reference.encode())
        c.ClientReportControlBlock_destroy(block)
        return told

    def setting_groups(self):
        c, block = self.c, "ASSAYPROT/LLN0.SGCB"
        number = lambda name: c.IedConnection_readUnsigned32Value(self.connection, self.error, f"{block}.{name}".encode(), SP)

        def choose(name, group):
            c.IedConnection_writeUnsigned32Value(self.connection, self.error, f"{block}.{name}".encode(), SP, group)
            self.good(f"{name} := {group}")

        self.equal("NumOfSG", number("NumOfSG"), 3)
        setting = "ASSAYPROT/PTOC1.OpDlTmms.setVal"
        choose("ActSG", 2)
        self.equal("ActSG", number("ActSG"), 2)
        before = self.value(setting, SG)
        choose("EditSG", 2)
        self.equal("the buffer holds the group", self.value(setting, SE), before)
        wanted = int(before) + 7
        c.IedConnection_writeInt32Value(self.connection, self.error, setting.encode(), SE, wanted)
        self.good("edit")
        self.equal("not active before it is confirmed", self.value(setting, SG), before)
        c.IedConnection_writeBooleanValue(self.connection, self.error, f"{block}.CnfEdit".encode(), SP, True)
        self.good("confirm")
        self.equal("active when it is confirmed", self.value(setting, SG), str(wanted))
        c.IedConnection_writeUnsigned32Value(self.connection, self.error, f"{block}.ActSG".encode(), SP, 9)
        self.check("a group that there is not is refused", self.error.value != 0)

    def data_sets(self):
        c, name = self.c, b"ASSAYLD0/LLN0.assayForeign"
        wanted = ["ASSAYLD0/LTIM1.TmOfsTmm.setVal[SP]", "ASSAYLD0/GGIO1.Ind1[ST]"]
        members = c.LinkedList_create()
        kept = [ctypes.create_string_buffer(member.encode()) for member in wanted]
        for member in kept:
            c.LinkedList_add(members, ctypes.addressof(member))
        c.IedConnection_createDataSet(self.connection, self.error, name, members)
        self.good("create a data set")
        deletable = ctypes.c_bool(False)
        listed = self.strings(c.IedConnection_getDataSetDirectory(self.connection, self.error, name, deletable))
        self.equal("its directory", (listed, deletable.value), (wanted, True))
        values = c.IedConnection_readDataSetValues(self.connection, self.error, name, None)
        if self.good("read it") and values:
            self.equal("its size", c.ClientDataSet_getDataSetSize(values), 2)
            c.ClientDataSet_destroy(values)
        written = c.LinkedList_create()
        number = c.MmsValue_newIntegerFromInt32(90)
        boolean = c.MmsValue_newBoolean(True)
        for value in (number, boolean):
            c.LinkedList_add(written, value)
        results = ctypes.c_void_p()
        c.IedConnection_writeDataSetValues(self.connection, self.error, name, written, ctypes.byref(results))
        told = []
        element = c.LinkedList_getNext(results) if results else None
        while element:
            told.append(c.MmsValue_getDataAccessError(c.LinkedList_getData(element)))
            element = c.LinkedList_getNext(element)
        # DATA_ACCESS_ERROR_SUCCESS is -1; the second member is a status object, whose value is no boolean.
        self.check("write it: the setting is taken, the status is not", len(told) == 2 and told[0] == -1 and told[1] in (3, 7), f"{told}")
        self.equal("the setting is written", self.value("ASSAYLD0/LTIM1.TmOfsTmm.setVal", SP), "90")
        self.check("delete it", c.IedConnection_deleteDataSet(self.connection, self.error, name) and self.error.value == 0, f"client error {self.error.value}")
        c.IedConnection_getDataSetDirectory(self.connection, self.error, name, deletable)
        self.check("it is gone", self.error.value != 0)

    def entries(self, listed):
        c, found = self.c, []
        element = c.LinkedList_getNext(listed) if listed else None
        while element:
            entry = c.LinkedList_getData(element)
            variables, each = {}, c.LinkedList_getNext(c.MmsJournalEntry_getJournalVariables(entry))
            while each:
                variable = c.LinkedList_getData(each)
                tag = c.MmsJournalVariable_getTag(variable).decode()
                variables.setdefault(tag, []).append(self.text(c.MmsJournalVariable_getValue(variable)))
                each = c.LinkedList_getNext(each)
            # The entry lives as long as the list, which this process never frees.
            found.append({
                "id": c.MmsJournalEntry_getEntryID(entry),
                "time": c.MmsValue_getBinaryTimeAsUtcMs(c.MmsJournalEntry_getOccurenceTime(entry)),
                "at": c.MmsJournalEntry_getOccurenceTime(entry),
                "variables": variables,
            })
            element = c.LinkedList_getNext(element)
        return found

    def log(self, side):
        c, log = self.c, b"ASSAYLD0/LLN0$EventLog"
        self.check("the process says false", *process((side, "ASSAYLD0/GGIO1.Ind3.stVal[ST]", "false")))
        begin = int(time.time() * 1000) - 2000
        c.IedConnection_writeBooleanValue(self.connection, self.error, b"ASSAYLD0/LLN0.lcbStatus.LogEna", LG, True)
        self.good("enable logging")
        for state in ("true", "false", "true"):
            self.check("change", *process((side, "ASSAYLD0/GGIO1.Ind3.stVal[ST]", state)))
            time.sleep(0.05)
        more = ctypes.c_bool(True)
        found = self.entries(c.IedConnection_queryLogByTime(self.connection, self.error, log, begin, begin + 3_600_000, more))
        self.good("query by time")
        self.equal("three entries, and no more", (len(found), more.value), (3, False))
        if len(found) != 3:
            return
        for entry in found:
            tags = list(entry["variables"])
            self.check(f"entry of {tags}", "ASSAYLD0/GGIO1$ST$Ind3" in tags and begin <= entry["time"] <= begin + 60_000, f"{entry}")
        after = self.entries(c.IedConnection_queryLogAfter(self.connection, self.error, log, found[0]["id"], found[0]["time"], more))
        self.good("query after the first")
        self.equal("two entries", len(after), 2)
        c.IedConnection_writeBooleanValue(self.connection, self.error, b"ASSAYLD0/LLN0.lcbStatus.LogEna", LG, False)
        self.good("disable logging")

    def files(self):
        c, got = self.c, bytearray()

        def on_piece(_parameter, buffer, size):
            got.extend(ctypes.string_at(buffer, size))
            return True

        handler = libiec61850.FILE_HANDLER(on_piece)
        listed = {}
        element = c.LinkedList_getNext(c.IedConnection_getFileDirectory(self.connection, self.error, None))
        while element:
            entry = c.LinkedList_getData(element)
            listed[c.FileDirectoryEntry_getFileName(entry).decode()] = c.FileDirectoryEntry_getFileSize(entry)
            element = c.LinkedList_getNext(element)
        self.check("list files", "COMTRADE/fault1.dat" in listed, f"{listed}")
        size = c.IedConnection_getFile(self.connection, self.error, b"COMTRADE/fault1.dat", handler, None)
        self.good("get a file")
        self.equal("its size", (size, len(got)), (100_000, listed.get("COMTRADE/fault1.dat")))
        self.equal("its contents", bytes(got), bytes(at % 256 for at in range(100_000)))
        c.IedConnection_getFile(self.connection, self.error, b"nothing.txt", handler, None)
        self.check("a file that there is not is refused", self.error.value != 0)

    def substitution(self, side):
        c, object = self.c, "ASSAYLD0/GGIO2.Ind1"
        self.check("the process says false", *process((side, f"{object}.stVal[ST]", "false")))
        self.equal("substitute a value", self.write(f"{object}.subVal", SV, c.MmsValue_newBoolean(True)), 0)
        self.equal("substitute its identity", self.write(f"{object}.subID", SV, c.MmsValue_newVisibleString(b"foreign")), 0)
        self.equal("switch it on", self.write(f"{object}.subEna", SV, c.MmsValue_newBoolean(True)), 0)
        self.equal("the status is the substitute", self.value(f"{object}.stVal", ST), "true")
        self.equal("switch it off", self.write(f"{object}.subEna", SV, c.MmsValue_newBoolean(False)), 0)
        self.equal("the status is that of the process", self.value(f"{object}.stVal", ST), "false")

    def goose(self):
        c = self.c
        names = self.strings(c.IedConnection_getLogicalNodeDirectory(self.connection, self.error, b"ASSAYLD0/LLN0", GOCB))
        if not self.check("GOOSE control blocks are listed", names, f"client error {self.error.value}"):
            return
        reference = f"ASSAYLD0/LLN0.{names[0]}".encode()
        block = c.IedConnection_getGoCBValues(self.connection, self.error, reference, None)
        if not self.good("read a GOOSE control block"):
            return
        said = [c.ClientGooseControlBlock_getGoID(block).decode(), c.ClientGooseControlBlock_getDatSet(block).decode(), c.ClientGooseControlBlock_getConfRev(block)]
        self.check(f"it says {said}", all(said) and not c.ClientGooseControlBlock_getNdsComm(block))
        before = c.ClientGooseControlBlock_getGoEna(block)
        for state in (not before, before):
            c.ClientGooseControlBlock_setGoEna(block, state)
            c.IedConnection_setGoCBValues(self.connection, self.error, block, GOCB_GO_ENA, True)
            self.good(f"GoEna := {state}")
            self.equal("GoEna", self.value(f"{reference.decode()}.GoEna", GO), str(state).lower())

    def refused(self, side):
        c = self.c
        for reference, line, wanted in [
            ("ASSAYCTRL/GGIO1.SPCSO3", "block ASSAYCTRL/GGIO1.SPCSO3", BLOCKED_BY_INTERLOCKING),
            ("ASSAYCTRL/GGIO1.SPCSO4", None, OBJECT_NOT_SELECTED),
        ]:
            if line:
                self.check(line, *process((side, reference, "on"), verb="block"))
            control = c.ControlObjectClient_create(reference.encode(), self.connection)
            before = self.status(reference)
            value = c.MmsValue_newBoolean(not before)
            done = c.ControlObjectClient_operate(control, value, 0)
            cause = c.ControlObjectClient_getLastApplError(control).add_cause
            self.check(f"{reference} refuses with additional cause {wanted}", not done and cause == wanted, f"done {done}, cause {cause}")
            self.equal("its status stays", self.status(reference), before)
            c.MmsValue_delete(value)
            c.ControlObjectClient_destroy(control)
            if line:
                self.check("free it", *process((side, reference, "off"), verb="block"))

    def server(self):
        c, error = self.c, ctypes.c_int(0)
        mms = c.IedConnection_getMmsConnection(self.connection)
        identity = c.MmsConnection_identify(mms, error)
        said = ctypes.cast(identity, ctypes.POINTER(libiec61850.Identity)).contents if identity else None
        self.check("identify", said is not None and said.vendor == b"iedassay", f"{said and said.vendor}")
        logical, physical = ctypes.c_int(-1), ctypes.c_int(-1)
        c.MmsConnection_getServerStatus(mms, error, logical, physical, False)
        self.equal("status", (error.value, logical.value, physical.value), (0, 0, 0))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--process", required=True)
    libiec61850.tls_arguments(parser)
    arguments = parser.parse_args()
    host, _, port = arguments.address.rpartition(":")
    run = Services(host, int(port), arguments)
    run.server()
    run.reports("ASSAYLD0/LLN0.RP.urcbStatus01", False)
    run.reports("ASSAYLD0/LLN0.BR.brcbStatus01", True)
    run.integrity("ASSAYLD0/LLN0.RP.urcbStatus01")
    run.setting_groups()
    run.data_sets()
    run.log(arguments.process)
    run.files()
    run.substitution(arguments.process)
    run.goose()
    run.refused(arguments.process)
    run.c.IedConnection_release(run.connection, run.error)
    run.check("release the association", run.error.value == 0, f"client error {run.error.value}")
    run.finish()


if __name__ == "__main__":
    main()
