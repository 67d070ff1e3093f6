#!/usr/bin/env python3
"""Serves a `.cfg` model with libiec61850 and lets a test drive its process side.

    serve.py MODEL.cfg --mms 127.0.0.1:10102 --process 127.0.0.1:10103 [--max-associations 5] [--edition 2]
             [--tls-cert FILE --tls-key FILE --tls-ca FILE [--tls-crl FILE] [--tls-version 1.2]]

Prints one line `ready` on standard output when both ports listen. The process side speaks one command a line and answers
`ok [payload]` or `err reason`: set REF VALUE, update REF, get REF, block REF on|off, restart, ping. It ends when its standard
input closes, so a test that dies never leaves it behind.
"""

import argparse
import ctypes
import os
import socketserver
import sys
import threading
import time

import lib as libiec61850

# ModelNodeType of libiec61850.
DATA_ATTRIBUTE = 3
# IEC 61850 basic types in the numbering of libiec61850's model files.
BOOLEAN, FLOAT32, FLOAT64, ENUMERATED, TIMESTAMP, QUALITY, CODEDENUM = 0, 10, 11, 12, 22, 23, 25
SIGNED = {1, 2, 3, 4, ENUMERATED}
UNSIGNED = {6, 7, 8, 9}
STRINGS = {17, 18, 19, 20, 21}
DBPOS = {"intermediate": 0, "off": 1, "on": 2, "bad": 3}
VALIDITY = {"good": 0, "reserved": 1, "invalid": 2, "questionable": 3}
DETAIL = {"overflow": 4, "outOfRange": 8, "badReference": 16, "oscillatory": 32, "failure": 64, "oldData": 128,
          "inconsistent": 256, "inaccurate": 512, "substituted": 1024, "test": 2048, "operatorBlocked": 4096}
# ControlHandlerResult and CheckHandlerResult of libiec61850.
CONTROL_FAILED, CONTROL_OK = 0, 1
CHECK_ACCEPTED, CHECK_ACCESS_DENIED = -1, 3
ADD_CAUSE_BLOCKED_BY_INTERLOCKING = 10


class Refused(Exception):
    """A process command that cannot be carried out; its text goes to the caller behind `err`."""


class Device:
    """One libiec61850 server, restartable."""

    def __init__(self, arguments):
        self.c = libiec61850.load()
        self.arguments = arguments
        self.lock = threading.Lock()
        self.blocked = set()
        self.keep = []
        self.start()

    def start(self):
        c, a = self.c, self.arguments
        self.model = c.ConfigFileParser_createModelFromConfigFileEx(a.model.encode())
        if not self.model:
            sys.exit(f"{a.model}: libiec61850 cannot read this model file")
        config = c.IedServerConfig_create()
        c.IedServerConfig_setEdition(config, 1 if a.edition == 2 else 0)
        c.IedServerConfig_setMaxMmsConnections(config, a.max_associations)
        # It counts for each logical device, configured sets too: two there, and the sixteen that the description announces.
        c.IedServerConfig_setMaxDomainSpecificDataSets(config, 18)
        c.IedServerConfig_setReportBufferSize(config, 200_000)
        c.IedServerConfig_enableResvTmsForBRCB(config, True)
        c.IedServerConfig_enableOwnerForRCB(config, True)
        c.IedServerConfig_enableFileService(config, bool(a.files))
        if a.files:
            c.IedServerConfig_setFileServiceBasePath(config, a.files.encode())
        self.server = c.IedServer_createWithConfig(self.model, libiec61850.tls_configuration(c, a), config)
        c.IedServerConfig_destroy(config)
        c.IedServer_setServerIdentity(self.server, b"MZ Automation", b"libiec61850", b"1.6.1")
        for fc in ("SP", "SV", "CF", "DC"):
            c.IedServer_setWriteAccessPolicy(self.server, libiec61850.FC[fc], 0)
        host, port = split(a.mms)
        c.IedServer_setLocalIpAddress(self.server, host.encode())
        self.settle_positions()
        self.install_controls()
        c.IedServer_start(self.server, port)
        if not c.IedServer_isRunning(self.server):
            sys.exit(f"libiec61850 does not listen on {a.mms}: is the port taken?")

    def restart(self):
        with self.lock:
            self.c.IedServer_stop(self.server)
            self.c.IedServer_destroy(self.server)
            self.c.IedModel_destroy(self.model)
            self.keep.clear()
            time.sleep(0.2)
            self.start()

    def settle_positions(self):
        """Double points start off: a fresh model has them all in the intermediate state."""
        for _, node in self.data_objects():
            status = self.c.ModelNode_getChild(node, b"stVal")
            if status and self.c.ModelNode_getType(status) == DATA_ATTRIBUTE and self.c.DataAttribute_getType(status) == CODEDENUM:
                self.c.IedServer_updateDbposValue(self.server, status, DBPOS["off"])

    def install_controls(self):
        """A handler on every data object that has an Oper: it moves the status value, as a process would."""
        for reference, node in self.data_objects():
            if not self.c.ModelNode_getChild(node, b"Oper"):
                continue
            status = self.c.ModelNode_getChild(node, b"stVal")
            stamp = self.c.ModelNode_getChild(node, b"t")
            check = libiec61850.CHECK_HANDLER(self.make_check(reference))
            operate = libiec61850.CONTROL_HANDLER(self.make_operate(status, stamp))
            self.keep += [check, operate]
            self.c.IedServer_setPerformCheckHandler(self.server, node, check, None)
            self.c.IedServer_setControlHandler(self.server, node, operate, None)

    def make_check(self, reference):
        def check(action, _parameter, _value, _test, _interlock):
            if reference in self.blocked:
                self.c.ControlAction_setAddCause(action, ADD_CAUSE_BLOCKED_BY_INTERLOCKING)
                return CHECK_ACCESS_DENIED
            return CHECK_ACCEPTED
        return check

    def make_operate(self, status, stamp):
        def operate(_action, _parameter, value, test):
            # A control without a status (or with a value this launcher does not know) has nothing to move; touching a missing
            # node would end the process.
            if test or not status or not value:
                return CONTROL_OK
            kind = self.c.DataAttribute_getType(status)
            if kind == CODEDENUM:
                self.c.IedServer_updateDbposValue(self.server, status, 2 if self.c.MmsValue_getBoolean(value) else 1)
            elif kind == BOOLEAN:
                self.c.IedServer_updateBooleanAttributeValue(self.server, status, self.c.MmsValue_getBoolean(value))
            elif kind in SIGNED:
                self.c.IedServer_updateInt32AttributeValue(self.server, status, self.c.MmsValue_toInt32(value))
            else:
                return CONTROL_FAILED
            if stamp:
                self.c.IedServer_updateUTCTimeAttributeValue(self.server, stamp, int(time.time() * 1000))
            return CONTROL_OK
        return operate

    def data_objects(self):
        c = self.c
        buffer = ctypes.create_string_buffer(256)
        for index in range(c.IedModel_getLogicalDeviceCount(self.model)):
            for node in self.children(c.IedModel_getDeviceByIndex(self.model, index)):
                for data_object in self.children(node):
                    c.ModelNode_getObjectReferenceEx(data_object, buffer, False)
                    yield buffer.value.decode(), data_object

    def children(self, node):
        """The child nodes, copied: libiec61850 hands out a list that the caller owns."""
        listed = self.c.ModelNode_getChildren(node)
        found, element = [], self.c.LinkedList_getNext(listed) if listed else None
        while element:
            found.append(self.c.LinkedList_getData(element))
            element = self.c.LinkedList_getNext(element)
        return found

    def attribute(self, reference):
        """The attribute behind `LD/LN.DO.DA[FC]`."""
        name, _, fc = reference.partition("[")
        node = self.c.IedModel_getModelNodeByObjectReference(self.model, name.encode())
        if not node or self.c.ModelNode_getType(node) != DATA_ATTRIBUTE:
            raise Refused(f"no data attribute `{name}` in the model")
        if fc and libiec61850.FC.get(fc.rstrip("]")) != self.c.DataAttribute_getFC(node):
            raise Refused(f"`{name}` has functional constraint {libiec61850.FC_NAME.get(self.c.DataAttribute_getFC(node))}")
        return name, node

    def set(self, reference, text):
        name, node = self.attribute(reference)
        c, kind = self.c, self.c.DataAttribute_getType(node)
        with self.lock:
            c.IedServer_lockDataModel(self.server)
            try:
                # The time stamp first, so that the report of the change carries it.
                if not name.endswith(".t"):
                    self.stamp(name)
                if kind == BOOLEAN:
                    c.IedServer_updateBooleanAttributeValue(self.server, node, one_of(text, {"true": True, "false": False}))
                elif kind == CODEDENUM:
                    c.IedServer_updateDbposValue(self.server, node, one_of(text, DBPOS))
                elif kind == QUALITY:
                    c.IedServer_updateQuality(self.server, node, quality(text))
                elif kind in SIGNED:
                    c.IedServer_updateInt32AttributeValue(self.server, node, int(text))
                elif kind in UNSIGNED:
                    c.IedServer_updateUnsignedAttributeValue(self.server, node, int(text))
                elif kind == FLOAT32:
                    c.IedServer_updateFloatAttributeValue(self.server, node, float(text))
                elif kind in STRINGS:
                    c.IedServer_updateVisibleStringAttributeValue(self.server, node, text.strip("'").encode())
                else:
                    raise Refused(f"this launcher does not set values of type {kind}")
            finally:
                c.IedServer_unlockDataModel(self.server)

    def stamp(self, name):
        """Sets the `t` of the data object that holds `name`: the nearest one on the way up."""
        parent = name
        while "." in parent:
            parent = parent.rpartition(".")[0]
            node = self.c.IedModel_getModelNodeByObjectReference(self.model, f"{parent}.t".encode())
            if node and self.c.ModelNode_getType(node) == DATA_ATTRIBUTE and self.c.DataAttribute_getType(node) == TIMESTAMP:
                self.c.IedServer_updateUTCTimeAttributeValue(self.server, node, int(time.time() * 1000))
                return

    def update(self, reference):
        _, node = self.attribute(reference)
        with self.lock:
            same = self.c.MmsValue_clone(self.c.IedServer_getAttributeValue(self.server, node))
            self.c.IedServer_updateAttributeValue(self.server, node, same)
            self.c.MmsValue_delete(same)

    def get(self, reference):
        _, node = self.attribute(reference)
        buffer = ctypes.create_string_buffer(1024)
        self.c.MmsValue_printToBuffer(self.c.IedServer_getAttributeValue(self.server, node), buffer, 1024)
        return buffer.value.decode()

    def block(self, reference, state):
        if reference not in {name for name, _ in self.data_objects()}:
            raise Refused(f"no data object `{reference}` in the model")
        (self.blocked.add if one_of(state, {"on": True, "off": False}) else self.blocked.discard)(reference)


def one_of(text, table):
    if text not in table:
        raise Refused(f"`{text}` is none of {', '.join(table)}")
    return table[text]


def quality(text):
    validity, *details = text.split("+")
    return one_of(validity, VALIDITY) | sum(one_of(detail, DETAIL) for detail in details)


def answer(device, line):
    command, _, rest = line.strip().partition(" ")
    try:
        if command == "ping":
            return "ok"
        if command == "set":
            reference, _, value = rest.partition(" ")
            device.set(reference, value.strip())
            return "ok"
        if command == "update":
            device.update(rest.strip())
            return "ok"
        if command == "get":
            return f"ok {device.get(rest.strip())}"
        if command == "block":
            reference, _, state = rest.partition(" ")
            device.block(reference, state.strip())
            return "ok"
        if command == "restart":
            device.restart()
            return "ok"
        return f"err unknown command `{command}`"
    except (Refused, ValueError) as problem:
        return f"err {problem}"


def split(address):
    host, _, port = address.rpartition(":")
    return host, int(port)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--mms", required=True)
    parser.add_argument("--process", required=True)
    parser.add_argument("--max-associations", type=int, default=5)
    parser.add_argument("--edition", type=int, choices=[1, 2], default=2)
    parser.add_argument("--files", help="folder that the file services serve")
    libiec61850.tls_arguments(parser)
    arguments = parser.parse_args()
    device = Device(arguments)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            for line in self.rfile:
                self.wfile.write((answer(device, line.decode(errors="replace")) + "\n").encode())

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(split(arguments.process), Handler) as control:
        threading.Thread(target=control.serve_forever, daemon=True).start()
        print("ready", flush=True)
        sys.stdin.read()
    # No orderly stop: the library's threads may sit in a callback, and the process is going anyway.
    os._exit(0)


if __name__ == "__main__":
    main()
