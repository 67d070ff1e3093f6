"""The C API of libiec61850 as far as the launchers need it, through ctypes.

The library comes out of the PyPI package `pyiec61850-ng` (GPL-3.0). It is loaded here, in a process of its own, and never
linked with iedassay. Every prototype is declared: ctypes would otherwise cut pointers to 32 bits.
"""

import ctypes
import glob
import importlib.util
import os
import sys
from ctypes import CFUNCTYPE, POINTER, c_bool, c_char_p, c_double, c_float, c_int, c_int16, c_int32, c_int64, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p

PACKAGE = "pyiec61850-ng"

CONTROL_HANDLER = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_bool)
CHECK_HANDLER = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_bool, c_bool)
FILE_HANDLER = CFUNCTYPE(c_bool, c_void_p, c_void_p, c_uint32)
REPORT_HANDLER = CFUNCTYPE(None, c_void_p, c_void_p)
TERMINATION_HANDLER = CFUNCTYPE(None, c_void_p, c_void_p)


class LastApplError(ctypes.Structure):
    """What the server said last about a command."""

    _fields_ = [("ctl_num", c_int), ("error", c_int), ("add_cause", c_int)]


class Identity(ctypes.Structure):
    """What the server says of itself."""

    _fields_ = [("vendor", c_char_p), ("model", c_char_p), ("revision", c_char_p)]


SIGNATURES = {
    # model
    "ConfigFileParser_createModelFromConfigFileEx": (c_void_p, [c_char_p]),
    "IedModel_destroy": (None, [c_void_p]),
    "IedModel_getModelNodeByObjectReference": (c_void_p, [c_void_p, c_char_p]),
    "IedModel_getLogicalDeviceCount": (c_int, [c_void_p]),
    "IedModel_getDeviceByIndex": (c_void_p, [c_void_p, c_int]),
    "ModelNode_getType": (c_int, [c_void_p]),
    "ModelNode_getName": (c_char_p, [c_void_p]),
    "ModelNode_getChild": (c_void_p, [c_void_p, c_char_p]),
    "ModelNode_getChildWithFc": (c_void_p, [c_void_p, c_char_p, c_int]),
    "ModelNode_getChildren": (c_void_p, [c_void_p]),
    "ModelNode_getObjectReferenceEx": (c_char_p, [c_void_p, c_char_p, c_bool]),
    "DataAttribute_getType": (c_int, [c_void_p]),
    "DataAttribute_getFC": (c_int, [c_void_p]),
    # server configuration
    "IedServerConfig_create": (c_void_p, []),
    "IedServerConfig_destroy": (None, [c_void_p]),
    "IedServerConfig_setEdition": (None, [c_void_p, c_uint8]),
    "IedServerConfig_setMaxMmsConnections": (None, [c_void_p, c_int]),
    "IedServerConfig_setReportBufferSize": (None, [c_void_p, c_int]),
    "IedServerConfig_setMaxDomainSpecificDataSets": (None, [c_void_p, c_int]),
    "IedServerConfig_enableResvTmsForBRCB": (None, [c_void_p, c_bool]),
    "IedServerConfig_enableOwnerForRCB": (None, [c_void_p, c_bool]),
    "IedServerConfig_enableFileService": (None, [c_void_p, c_bool]),
    "IedServerConfig_setFileServiceBasePath": (None, [c_void_p, c_char_p]),
    # server
    "IedServer_createWithConfig": (c_void_p, [c_void_p, c_void_p, c_void_p]),
    "IedServer_destroy": (None, [c_void_p]),
    "IedServer_start": (None, [c_void_p, c_int]),
    "IedServer_stop": (None, [c_void_p]),
    "IedServer_isRunning": (c_bool, [c_void_p]),
    "IedServer_setLocalIpAddress": (None, [c_void_p, c_char_p]),
    "IedServer_setServerIdentity": (None, [c_void_p, c_char_p, c_char_p, c_char_p]),
    "IedServer_lockDataModel": (None, [c_void_p]),
    "IedServer_unlockDataModel": (None, [c_void_p]),
    "IedServer_updateBooleanAttributeValue": (None, [c_void_p, c_void_p, c_bool]),
    "IedServer_updateInt32AttributeValue": (None, [c_void_p, c_void_p, c_int32]),
    "IedServer_updateInt64AttributeValue": (None, [c_void_p, c_void_p, c_int64]),
    "IedServer_updateUnsignedAttributeValue": (None, [c_void_p, c_void_p, c_uint32]),
    "IedServer_updateFloatAttributeValue": (None, [c_void_p, c_void_p, c_float]),
    "IedServer_updateQuality": (None, [c_void_p, c_void_p, c_uint16]),
    "IedServer_updateUTCTimeAttributeValue": (None, [c_void_p, c_void_p, c_uint64]),
    "IedServer_updateDbposValue": (None, [c_void_p, c_void_p, c_int]),
    "IedServer_updateVisibleStringAttributeValue": (None, [c_void_p, c_void_p, c_char_p]),
    "IedServer_updateAttributeValue": (None, [c_void_p, c_void_p, c_void_p]),
    "IedServer_getAttributeValue": (c_void_p, [c_void_p, c_void_p]),
    "IedServer_setControlHandler": (None, [c_void_p, c_void_p, CONTROL_HANDLER, c_void_p]),
    "IedServer_setPerformCheckHandler": (None, [c_void_p, c_void_p, CHECK_HANDLER, c_void_p]),
    "IedServer_setWriteAccessPolicy": (None, [c_void_p, c_int, c_int]),
    # control actions
    "ControlAction_setAddCause": (None, [c_void_p, c_int]),
    "ControlAction_getControlObject": (c_void_p, [c_void_p]),
    "ControlAction_isSelect": (c_bool, [c_void_p]),
    # values
    "MmsValue_getType": (c_int, [c_void_p]),
    "MmsValue_getBoolean": (c_bool, [c_void_p]),
    "MmsValue_toInt32": (c_int32, [c_void_p]),
    "MmsValue_toInt64": (c_int64, [c_void_p]),
    "MmsValue_toUint32": (c_uint32, [c_void_p]),
    "MmsValue_toFloat": (c_float, [c_void_p]),
    "MmsValue_toDouble": (c_double, [c_void_p]),
    "MmsValue_toString": (c_char_p, [c_void_p]),
    "MmsValue_getArraySize": (c_uint32, [c_void_p]),
    "MmsValue_getBitStringAsInteger": (c_uint32, [c_void_p]),
    "MmsValue_getBitStringSize": (c_int, [c_void_p]),
    "MmsValue_clone": (c_void_p, [c_void_p]),
    "MmsValue_delete": (None, [c_void_p]),
    "MmsValue_newBoolean": (c_void_p, [c_bool]),
    "MmsValue_newOctetString": (c_void_p, [c_int, c_int]),
    "MmsValue_setOctetString": (None, [c_void_p, c_char_p, c_int]),
    "MmsValue_getOctetStringSize": (c_uint16, [c_void_p]),
    "MmsValue_getOctetStringBuffer": (c_void_p, [c_void_p]),
    "MmsValue_getElement": (c_void_p, [c_void_p, c_int]),
    "MmsValue_newIntegerFromInt32": (c_void_p, [c_int32]),
    "MmsValue_newFloat": (c_void_p, [c_float]),
    "MmsValue_printToBuffer": (c_char_p, [c_void_p, c_char_p, c_int]),
    # client
    "IedConnection_create": (c_void_p, []),
    "IedConnection_destroy": (None, [c_void_p]),
    "IedConnection_connect": (None, [c_void_p, POINTER(c_int), c_char_p, c_int]),
    "IedConnection_setConnectTimeout": (None, [c_void_p, c_uint32]),
    "IedConnection_release": (None, [c_void_p, POINTER(c_int)]),
    "IedConnection_close": (None, [c_void_p]),
    "IedConnection_getLogicalDeviceList": (c_void_p, [c_void_p, POINTER(c_int)]),
    "IedConnection_getLogicalDeviceDirectory": (c_void_p, [c_void_p, POINTER(c_int), c_char_p]),
    "IedConnection_getLogicalNodeDirectory": (c_void_p, [c_void_p, POINTER(c_int), c_char_p, c_int]),
    "IedConnection_getDataDirectoryFC": (c_void_p, [c_void_p, POINTER(c_int), c_char_p]),
    "IedConnection_getDataSetDirectory": (c_void_p, [c_void_p, POINTER(c_int), c_char_p, POINTER(c_bool)]),
    "IedConnection_readObject": (c_void_p, [c_void_p, POINTER(c_int), c_char_p, c_int]),
    "IedConnection_readBooleanValue": (c_bool, [c_void_p, POINTER(c_int), c_char_p, c_int]),
    "IedConnection_writeBooleanValue": (None, [c_void_p, POINTER(c_int), c_char_p, c_int, c_bool]),
    "IedConnection_readDataSetValues": (c_void_p, [c_void_p, POINTER(c_int), c_char_p, c_void_p]),
    "ClientDataSet_getValues": (c_void_p, [c_void_p]),
    "ClientDataSet_getDataSetSize": (c_int, [c_void_p]),
    "ClientDataSet_destroy": (None, [c_void_p]),
    "IedConnection_getRCBValues": (c_void_p, [c_void_p, POINTER(c_int), c_char_p, c_void_p]),
    "IedConnection_setFilestoreBasepath": (None, [c_void_p, c_char_p]),
    "IedConnection_setFile": (None, [c_void_p, POINTER(c_int), c_char_p, c_char_p]),
    "IedConnection_deleteFile": (None, [c_void_p, POINTER(c_int), c_char_p]),
    "IedConnection_setRCBValues": (None, [c_void_p, POINTER(c_int), c_void_p, c_uint32, c_bool]),
    "IedConnection_triggerGIReport": (None, [c_void_p, POINTER(c_int), c_char_p]),
    "IedConnection_installReportHandler": (None, [c_void_p, c_char_p, c_char_p, REPORT_HANDLER, c_void_p]),
    "IedConnection_uninstallReportHandler": (None, [c_void_p, c_char_p]),
    "ClientReportControlBlock_destroy": (None, [c_void_p]),
    "ClientReportControlBlock_getRptId": (c_char_p, [c_void_p]),
    "ClientReportControlBlock_getDataSetReference": (c_char_p, [c_void_p]),
    "ClientReportControlBlock_setTrgOps": (None, [c_void_p, c_int]),
    "ClientReportControlBlock_setOptFlds": (None, [c_void_p, c_int]),
    "ClientReportControlBlock_setRptEna": (None, [c_void_p, c_bool]),
    "ClientReportControlBlock_setIntgPd": (None, [c_void_p, c_uint32]),
    "ClientReportControlBlock_setBufTm": (None, [c_void_p, c_uint32]),
    "ClientReportControlBlock_setGI": (None, [c_void_p, c_bool]),
    "ClientReportControlBlock_setResv": (None, [c_void_p, c_bool]),
    "ClientReportControlBlock_getRptEna": (c_bool, [c_void_p]),
    "ClientReport_hasTimestamp": (c_bool, [c_void_p]),
    "ClientReport_hasReasonForInclusion": (c_bool, [c_void_p]),
    "ClientReport_hasDataSetName": (c_bool, [c_void_p]),
    "ClientReport_hasDataReference": (c_bool, [c_void_p]),
    "ClientReport_hasBufOvfl": (c_bool, [c_void_p]),
    "ClientReport_hasConfRev": (c_bool, [c_void_p]),
    "ClientReport_hasSubSeqNum": (c_bool, [c_void_p]),
    "ClientReport_getEntryId": (c_void_p, [c_void_p]),
    "ClientReport_getSubSeqNum": (c_uint16, [c_void_p]),
    "ClientReport_getMoreSeqmentsFollow": (c_bool, [c_void_p]),
    "ClientReportControlBlock_setPurgeBuf": (None, [c_void_p, c_bool]),
    "ClientReportControlBlock_setEntryId": (None, [c_void_p, c_void_p]),
    "ClientReportControlBlock_setResvTms": (None, [c_void_p, c_int16]),
    "ClientReport_getRptId": (c_char_p, [c_void_p]),
    "ClientReport_getDataSetValues": (c_void_p, [c_void_p]),
    "ClientReport_getReasonForInclusion": (c_int, [c_void_p, c_int]),
    "ClientReport_hasSeqNum": (c_bool, [c_void_p]),
    "ClientReport_getSeqNum": (c_uint16, [c_void_p]),
    "ClientReport_getBufOvfl": (c_bool, [c_void_p]),
    "ControlObjectClient_create": (c_void_p, [c_char_p, c_void_p]),
    "ControlObjectClient_destroy": (None, [c_void_p]),
    "ControlObjectClient_getControlModel": (c_int, [c_void_p]),
    "ControlObjectClient_select": (c_bool, [c_void_p]),
    "ControlObjectClient_selectWithValue": (c_bool, [c_void_p, c_void_p]),
    "ControlObjectClient_operate": (c_bool, [c_void_p, c_void_p, c_uint64]),
    "ControlObjectClient_cancel": (c_bool, [c_void_p]),
    "ControlObjectClient_setOrigin": (None, [c_void_p, c_char_p, c_int]),
    "ControlObjectClient_setCommandTerminationHandler": (None, [c_void_p, TERMINATION_HANDLER, c_void_p]),
    "ControlObjectClient_getLastApplError": (LastApplError, [c_void_p]),
    "ControlObjectClient_getLastError": (c_int, [c_void_p]),
    "IedConnection_readUnsigned32Value": (c_uint32, [c_void_p, POINTER(c_int), c_char_p, c_int]),
    "IedConnection_writeUnsigned32Value": (None, [c_void_p, POINTER(c_int), c_char_p, c_int, c_uint32]),
    "IedConnection_writeInt32Value": (None, [c_void_p, POINTER(c_int), c_char_p, c_int, c_int32]),
    "IedConnection_writeObject": (None, [c_void_p, POINTER(c_int), c_char_p, c_int, c_void_p]),
    "IedConnection_createDataSet": (None, [c_void_p, POINTER(c_int), c_char_p, c_void_p]),
    "IedConnection_deleteDataSet": (c_bool, [c_void_p, POINTER(c_int), c_char_p]),
    "IedConnection_writeDataSetValues": (None, [c_void_p, POINTER(c_int), c_char_p, c_void_p, POINTER(c_void_p)]),
    "IedConnection_queryLogByTime": (c_void_p, [c_void_p, POINTER(c_int), c_char_p, c_uint64, c_uint64, POINTER(c_bool)]),
    "IedConnection_queryLogAfter": (c_void_p, [c_void_p, POINTER(c_int), c_char_p, c_void_p, c_uint64, POINTER(c_bool)]),
    "IedConnection_getFile": (c_uint32, [c_void_p, POINTER(c_int), c_char_p, FILE_HANDLER, c_void_p]),
    "IedConnection_getFileDirectory": (c_void_p, [c_void_p, POINTER(c_int), c_char_p]),
    "IedConnection_getGoCBValues": (c_void_p, [c_void_p, POINTER(c_int), c_char_p, c_void_p]),
    "IedConnection_setGoCBValues": (None, [c_void_p, POINTER(c_int), c_void_p, c_uint32, c_bool]),
    "IedConnection_getMmsConnection": (c_void_p, [c_void_p]),
    "MmsConnection_identify": (c_void_p, [c_void_p, POINTER(c_int)]),
    "MmsConnection_getServerStatus": (None, [c_void_p, POINTER(c_int), POINTER(c_int), POINTER(c_int), c_bool]),
    "ClientGooseControlBlock_getGoEna": (c_bool, [c_void_p]),
    "ClientGooseControlBlock_setGoEna": (None, [c_void_p, c_bool]),
    "ClientGooseControlBlock_getGoID": (c_char_p, [c_void_p]),
    "ClientGooseControlBlock_getDatSet": (c_char_p, [c_void_p]),
    "ClientGooseControlBlock_getConfRev": (c_uint32, [c_void_p]),
    "ClientGooseControlBlock_getNdsComm": (c_bool, [c_void_p]),
    "FileDirectoryEntry_getFileName": (c_char_p, [c_void_p]),
    "FileDirectoryEntry_getFileSize": (c_uint32, [c_void_p]),
    "MmsJournalEntry_getEntryID": (c_void_p, [c_void_p]),
    "MmsJournalEntry_getOccurenceTime": (c_void_p, [c_void_p]),
    "MmsJournalEntry_getJournalVariables": (c_void_p, [c_void_p]),
    "MmsJournalVariable_getTag": (c_char_p, [c_void_p]),
    "MmsJournalVariable_getValue": (c_void_p, [c_void_p]),
    "MmsValue_getBinaryTimeAsUtcMs": (c_uint64, [c_void_p]),
    "MmsValue_getDataAccessError": (c_int, [c_void_p]),
    "MmsValue_newVisibleString": (c_void_p, [c_char_p]),
    # TLS
    "TLSConfiguration_create": (c_void_p, []),
    "TLSConfiguration_setClientMode": (None, [c_void_p]),
    "TLSConfiguration_setChainValidation": (None, [c_void_p, c_bool]),
    "TLSConfiguration_setAllowOnlyKnownCertificates": (None, [c_void_p, c_bool]),
    "TLSConfiguration_setOwnCertificateFromFile": (c_bool, [c_void_p, c_char_p]),
    "TLSConfiguration_setOwnKeyFromFile": (c_bool, [c_void_p, c_char_p, c_char_p]),
    "TLSConfiguration_addCACertificateFromFile": (c_bool, [c_void_p, c_char_p]),
    "TLSConfiguration_addCRLFromFile": (c_bool, [c_void_p, c_char_p]),
    "TLSConfiguration_setMinTlsVersion": (None, [c_void_p, c_int]),
    "TLSConfiguration_setMaxTlsVersion": (None, [c_void_p, c_int]),
    "IedConnection_createWithTlsSupport": (c_void_p, [c_void_p]),
    # lists
    "LinkedList_create": (c_void_p, []),
    "LinkedList_add": (None, [c_void_p, c_void_p]),
    "LinkedList_getNext": (c_void_p, [c_void_p]),
    "LinkedList_getData": (c_void_p, [c_void_p]),
    "LinkedList_destroy": (None, [c_void_p]),
}

FC = {name: code for code, name in enumerate(["ST", "MX", "SP", "SV", "CF", "DC", "SG", "SE", "SR", "OR", "BL", "EX", "CO", "US", "MS", "RP", "BR", "LG", "GO"])}
FC_NAME = {code: name for name, code in FC.items()}


def load():
    """The library with its prototypes; ends the process with a remedy when the package is missing."""
    spec = importlib.util.find_spec("pyiec61850")
    found = []
    if spec and spec.origin:
        site = os.path.dirname(os.path.dirname(spec.origin))
        found = glob.glob(os.path.join(site, "pyiec61850_ng.libs", "libiec61850-*.so*"))
    if not found:
        sys.exit(f"libiec61850 not found: install it with `pip install {PACKAGE}`")
    lib = ctypes.CDLL(found[0])
    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(lib, name)
        function.restype = result
        function.argtypes = arguments
    return lib


# TLSConfigVersion of libiec61850.
TLS_VERSIONS = {"1.2": 6, "1.3": 7}


def tls_arguments(parser):
    """The options that put TLS below: all three files, or none."""
    for name in ("cert", "key", "ca", "crl"):
        parser.add_argument(f"--tls-{name}")
    parser.add_argument("--tls-version", choices=list(TLS_VERSIONS), help="this version only")


def tls_configuration(lib, arguments, client=False):
    """The TLS configuration that the options ask for, or none; ends the process when a file cannot be used."""
    if not arguments.tls_cert:
        return None
    tls = lib.TLSConfiguration_create()
    if client:
        lib.TLSConfiguration_setClientMode(tls)
    lib.TLSConfiguration_setChainValidation(tls, True)
    lib.TLSConfiguration_setAllowOnlyKnownCertificates(tls, False)
    if arguments.tls_version:
        lib.TLSConfiguration_setMinTlsVersion(tls, TLS_VERSIONS[arguments.tls_version])
        lib.TLSConfiguration_setMaxTlsVersion(tls, TLS_VERSIONS[arguments.tls_version])
    steps = [
        ("key", lib.TLSConfiguration_setOwnKeyFromFile(tls, arguments.tls_key.encode(), None)),
        ("certificate", lib.TLSConfiguration_setOwnCertificateFromFile(tls, arguments.tls_cert.encode())),
        ("authority", lib.TLSConfiguration_addCACertificateFromFile(tls, arguments.tls_ca.encode())),
        ("revocation list", not arguments.tls_crl or lib.TLSConfiguration_addCRLFromFile(tls, arguments.tls_crl.encode())),
    ]
    for what, good in steps:
        if not good:
            sys.exit(f"libiec61850 cannot use the {what} for TLS")
    return tls
