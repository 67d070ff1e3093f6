//! Proptest strategies of every type, valid values only.

pub(crate) mod osi;

use iedassay_wire::ber::{BitString, Oid, RawTlv, Tag};
use iedassay_wire::mms::*;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// Visible text, now and then with characters that VisibleString does not have.
pub(crate) fn text() -> BoxedStrategy<String> {
    prop_oneof![8 => "[A-Za-z0-9$_/ ]{0,12}", 1 => "\\PC{0,8}", 1 => "[ -~]{100,300}"].boxed()
}

pub(crate) fn octets() -> BoxedStrategy<Vec<u8>> {
    prop_oneof![8 => vec(any::<u8>(), 0..12), 1 => vec(any::<u8>(), 120..300)].boxed()
}

pub(crate) fn bits() -> BoxedStrategy<BitString> {
    vec(any::<bool>(), 0..40)
        .prop_map(BitString::from_bits)
        .boxed()
}

pub(crate) fn oid() -> BoxedStrategy<Oid> {
    (0u64..3, 0u64..40, vec(any::<u64>(), 0..5))
        .prop_map(|(first, second, mut rest)| {
            let mut arcs = vec![first, second];
            arcs.append(&mut rest);
            Oid::from_arcs(&arcs).expect("valid arcs")
        })
        .boxed()
}

/// An element that nothing interprets, of one of the given context tags.
pub(crate) fn raw(tags: impl Strategy<Value = u32> + 'static) -> BoxedStrategy<RawTlv> {
    (tags, any::<bool>(), octets())
        .prop_map(|(tag, constructed, content)| RawTlv {
            tag: Tag::context(tag),
            constructed,
            content,
        })
        .boxed()
}

pub(crate) fn integer() -> BoxedStrategy<i64> {
    prop_oneof![
        any::<i64>(),
        any::<i8>().prop_map(i64::from),
        any::<i16>().prop_map(i64::from),
        any::<i32>().prop_map(i64::from),
        (0u32..63, -1i64..2).prop_map(|(shift, delta)| (1i64 << shift).wrapping_add(delta)),
    ]
    .boxed()
}

pub(crate) fn unsigned() -> BoxedStrategy<u64> {
    prop_oneof![
        any::<u64>(),
        any::<u8>().prop_map(u64::from),
        any::<u16>().prop_map(u64::from),
        any::<u32>().prop_map(u64::from),
        (0u32..64, -1i64..2).prop_map(|(shift, delta)| (1u64 << shift).wrapping_add_signed(delta)),
    ]
    .boxed()
}

pub(crate) fn binary_time() -> BoxedStrategy<BinaryTime> {
    prop_oneof![
        any::<u32>().prop_map(|millis| BinaryTime::TimeOfDay { millis }),
        (any::<u32>(), any::<u16>())
            .prop_map(|(millis, days)| BinaryTime::DateTime { millis, days }),
    ]
    .boxed()
}

pub(crate) fn utc_time() -> BoxedStrategy<UtcTime> {
    (any::<u32>(), 0u32..1 << 24, any::<u8>())
        .prop_map(|(seconds, fraction, quality)| UtcTime {
            seconds,
            fraction,
            quality: TimeQuality(quality),
        })
        .boxed()
}

fn float() -> BoxedStrategy<Float> {
    prop_oneof![
        4 => any::<u32>().prop_map(|bits| Float::F32(f32::from_bits(bits))),
        2 => any::<u64>().prop_map(|bits| Float::F64(f64::from_bits(bits))),
        1 => vec(any::<u8>(), 1..12)
            .prop_filter("a known width", |octets| !matches!(
                (octets[0], octets.len()),
                (8, 5) | (11, 9)
            ))
            .prop_map(Float::Other),
    ]
    .boxed()
}

/// A value without anything kept raw.
pub(crate) fn known_leaf() -> BoxedStrategy<Data> {
    prop_oneof![
        any::<bool>().prop_map(Data::Boolean),
        bits().prop_map(Data::BitString),
        integer().prop_map(Data::Integer),
        unsigned().prop_map(Data::Unsigned),
        float().prop_map(Data::FloatingPoint),
        octets().prop_map(Data::OctetString),
        text().prop_map(Data::VisibleString),
        text().prop_map(Data::GeneralizedTime),
        binary_time().prop_map(Data::BinaryTime),
        integer().prop_map(Data::Bcd),
        bits().prop_map(Data::BooleanArray),
        oid().prop_map(Data::ObjId),
        text().prop_map(Data::MmsString),
        utc_time().prop_map(Data::UtcTime),
    ]
    .boxed()
}

fn unknown_data() -> BoxedStrategy<Data> {
    // An integer of more than 64 bits that no shorter one could stand for.
    let wide = (
        prop_oneof![Just(5u32), Just(6), Just(13)],
        vec(any::<u8>(), 9..12),
    )
        .prop_map(|(tag, mut content)| {
            content[0] = 0x55;
            RawTlv {
                tag: Tag::context(tag),
                constructed: false,
                content,
            }
        });
    prop_oneof![
        raw(prop_oneof![Just(8u32), 18u32..200, Just(Tag::MAX_NUMBER)]),
        wide
    ]
    .prop_map(Data::Unknown)
    .boxed()
}

fn nested(leaf: BoxedStrategy<Data>) -> BoxedStrategy<Data> {
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Data::Array),
            vec(inner, 0..6).prop_map(Data::Structure),
        ]
    })
    .boxed()
}

/// Any value.
pub(crate) fn data() -> BoxedStrategy<Data> {
    nested(prop_oneof![14 => known_leaf(), 1 => unknown_data()].boxed())
}

/// Any value without anything kept raw.
pub(crate) fn known_data() -> BoxedStrategy<Data> {
    nested(known_leaf())
}

pub(crate) fn object_name() -> BoxedStrategy<ObjectName> {
    prop_oneof![
        text().prop_map(ObjectName::Vmd),
        (text(), text()).prop_map(|(domain, item)| ObjectName::Domain { domain, item }),
        text().prop_map(ObjectName::Aa),
    ]
    .boxed()
}

/// A type without anything kept raw.
pub(crate) fn known_type() -> BoxedStrategy<TypeSpecification> {
    types(simple_type().boxed())
}

/// Any type.
pub(crate) fn type_spec() -> BoxedStrategy<TypeSpecification> {
    let unknown =
        raw(prop_oneof![Just(8u32), Just(14), 18u32..100]).prop_map(TypeSpecification::Unknown);
    types(prop_oneof![14 => simple_type(), 1 => unknown].boxed())
}

fn simple_type() -> impl Strategy<Value = TypeSpecification> {
    use TypeSpecification as T;
    prop_oneof![
        object_name().prop_map(T::TypeName),
        Just(T::Boolean),
        any::<i32>().prop_map(T::BitString),
        any::<u8>().prop_map(T::Integer),
        any::<u8>().prop_map(T::Unsigned),
        (any::<u8>(), any::<u8>()).prop_map(|(format_width, exponent_width)| T::FloatingPoint {
            format_width,
            exponent_width
        }),
        any::<i32>().prop_map(T::OctetString),
        any::<i32>().prop_map(T::VisibleString),
        Just(T::GeneralizedTime),
        any::<bool>().prop_map(|with_date| T::BinaryTime { with_date }),
        any::<u8>().prop_map(T::Bcd),
        Just(T::ObjId),
        any::<i32>().prop_map(T::MmsString),
        Just(T::UtcTime),
    ]
}

fn types(leaf: BoxedStrategy<TypeSpecification>) -> BoxedStrategy<TypeSpecification> {
    leaf.prop_recursive(4, 30, 5, |inner| {
        let component =
            (of(text()), inner.clone()).prop_map(|(name, type_spec)| Component { name, type_spec });
        prop_oneof![
            (any::<bool>(), any::<u32>(), inner).prop_map(|(packed, count, element)| {
                TypeSpecification::Array {
                    packed,
                    count,
                    element: Box::new(element),
                }
            }),
            (any::<bool>(), vec(component, 0..5)).prop_map(|(packed, components)| {
                TypeSpecification::Structure { packed, components }
            }),
        ]
    })
    .boxed()
}

fn selector() -> BoxedStrategy<Selector> {
    prop_oneof![
        text().prop_map(Selector::Component),
        any::<u32>().prop_map(Selector::Index),
        (any::<u32>(), any::<u32>()).prop_map(|(low, count)| Selector::IndexRange { low, count }),
        Just(Selector::AllElements),
    ]
    .boxed()
}

pub(crate) fn alternate_access() -> BoxedStrategy<AlternateAccess> {
    let leaf = selector().prop_map(AlternateAccess::select).boxed();
    leaf.prop_recursive(3, 12, 3, |inner| {
        let selection = prop_oneof![
            selector().prop_map(AccessSelection::Select),
            (selector(), inner)
                .prop_map(|(selector, parts)| AccessSelection::Nested(selector, parts)),
        ];
        let item = (of(text()), selection)
            .prop_map(|(name, selection)| AlternateAccessItem { name, selection });
        vec(item, 0..3).prop_map(|items| AlternateAccess { items })
    })
    .boxed()
}

fn address() -> BoxedStrategy<Address> {
    prop_oneof![
        any::<u32>().prop_map(Address::Numeric),
        text().prop_map(Address::Symbolic),
        octets().prop_map(Address::Unconstrained),
    ]
    .boxed()
}

pub(crate) fn listed_variable() -> BoxedStrategy<ListedVariable> {
    use VariableSpecification as V;
    let specification = prop_oneof![
        6 => object_name().prop_map(V::Name),
        1 => address().prop_map(V::Address),
        1 => (address(), type_spec())
            .prop_map(|(address, type_spec)| V::Description { address, type_spec }),
        1 => raw(Just(3)).prop_map(V::ScatteredAccess),
        1 => Just(V::Invalidated),
    ];
    (specification, of(alternate_access()))
        .prop_map(|(specification, alternate_access)| ListedVariable {
            specification,
            alternate_access,
        })
        .boxed()
}

pub(crate) fn variable_access() -> BoxedStrategy<VariableAccess> {
    prop_oneof![
        vec(listed_variable(), 0..5).prop_map(VariableAccess::ListOfVariable),
        object_name().prop_map(VariableAccess::VariableListName),
    ]
    .boxed()
}

fn data_access_error() -> BoxedStrategy<DataAccessError> {
    prop_oneof![0i64..13, integer()]
        .prop_map(DataAccessError)
        .boxed()
}

pub(crate) fn access_results() -> BoxedStrategy<Vec<AccessResult>> {
    vec(
        prop_oneof![4 => data().prop_map(Ok), 1 => data_access_error().prop_map(Err)],
        0..8,
    )
    .boxed()
}

fn service_support() -> BoxedStrategy<ServiceSupport> {
    vec(any::<bool>(), 0..100)
        .prop_map(|bits| ServiceSupport(BitString::from_bits(bits)))
        .boxed()
}

fn initiate() -> BoxedStrategy<Initiate> {
    let detail = (
        any::<i32>(),
        bits(),
        service_support(),
        vec(raw(3u32..9), 0..3),
    )
        .prop_map(
            |(version, parameters, services, extensions)| InitiateDetail {
                version,
                parameters: ParameterSupport(parameters),
                services,
                extensions,
            },
        );
    (
        of(any::<i32>()),
        any::<i32>(),
        any::<i32>(),
        of(any::<i32>()),
        detail,
        vec(raw(0u32..9), 0..3),
    )
        .prop_map(
            |(local_detail, calling, called, nesting_level, detail, extensions)| Initiate {
                local_detail,
                max_outstanding_calling: calling,
                max_outstanding_called: called,
                nesting_level,
                detail,
                extensions,
            },
        )
        .boxed()
}

pub(crate) fn service_error() -> BoxedStrategy<ServiceError> {
    let named = (0..ErrorCode::NAMED.len()).prop_map(|index| ErrorCode::NAMED[index]);
    let any_code = (0u32..200, integer()).prop_map(|(class, code)| ErrorCode {
        class: ErrorClass(class),
        code,
    });
    (
        prop_oneof![named, any_code],
        of(integer()),
        of(text()),
        of(raw(0u32..12)),
    )
        .prop_map(
            |(code, additional_code, additional_description, service_specific)| ServiceError {
                code,
                additional_code,
                additional_description,
                service_specific,
            },
        )
        .boxed()
}

fn reject() -> BoxedStrategy<Reject> {
    let named = (0..RejectReason::NAMED.len()).prop_map(|index| RejectReason::NAMED[index]);
    let any_reason = (1u32..100, integer()).prop_map(|(class, code)| RejectReason {
        class: RejectClass(class),
        code,
    });
    (of(any::<u32>()), prop_oneof![named, any_reason])
        .prop_map(|(original_invoke_id, reason)| Reject {
            original_invoke_id,
            reason,
        })
        .boxed()
}

fn status() -> BoxedStrategy<StatusResponse> {
    (integer(), integer(), of(bits()))
        .prop_map(|(logical, physical, local_detail)| StatusResponse {
            logical: VmdLogicalStatus(logical),
            physical: VmdPhysicalStatus(physical),
            local_detail,
        })
        .boxed()
}

fn name_list() -> BoxedStrategy<NameListResponse> {
    (vec(text(), 0..6), any::<bool>())
        .prop_map(|(names, more_follows)| NameListResponse {
            names,
            more_follows,
        })
        .boxed()
}

fn file_name() -> BoxedStrategy<FileName> {
    vec(text(), 0..3).prop_map(FileName).boxed()
}

fn file_attributes() -> BoxedStrategy<FileAttributes> {
    (any::<u32>(), of(text()))
        .prop_map(|(size, last_modified)| FileAttributes {
            size,
            last_modified,
        })
        .boxed()
}

fn read_journal() -> BoxedStrategy<ReadJournalRequest> {
    let start = prop_oneof![
        binary_time().prop_map(RangeStart::Time),
        octets().prop_map(RangeStart::Entry)
    ];
    let stop = prop_oneof![
        binary_time().prop_map(RangeStop::Time),
        any::<i32>().prop_map(RangeStop::Count)
    ];
    let position =
        (binary_time(), octets()).prop_map(|(time, entry)| EntryPosition { time, entry });
    (
        object_name(),
        of(start),
        of(stop),
        of(vec(text(), 0..3)),
        of(position),
    )
        .prop_map(
            |(journal, start, stop, variables, start_after)| ReadJournalRequest {
                journal,
                start,
                stop,
                variables,
                start_after,
            },
        )
        .boxed()
}

fn journal_entry() -> BoxedStrategy<JournalEntry> {
    let event = (object_name(), integer()).prop_map(|(condition, state)| JournalEvent {
        condition,
        state: EventConditionState(state),
    });
    let variable = (text(), data()).prop_map(|(tag, value)| JournalVariable { tag, value });
    let form = prop_oneof![
        4 => (of(event), of(vec(variable, 0..3)))
            .prop_map(|(event, variables)| EntryForm::Data { event, variables }),
        1 => text().prop_map(EntryForm::Annotation),
    ];
    let originator = prop_oneof![Just(JournalEntry::NO_ORIGINATOR), raw(0u32..4)];
    (octets(), originator, binary_time(), of(raw(Just(1))), form)
        .prop_map(
            |(identifier, originator, occurrence_time, additional_detail, form)| JournalEntry {
                identifier,
                originator,
                occurrence_time,
                additional_detail,
                form,
            },
        )
        .boxed()
}

/// Tags of confirmed services that are kept raw.
fn unknown_service() -> BoxedStrategy<RawTlv> {
    raw(prop_oneof![
        Just(3u32),
        7u32..11,
        14u32..46,
        47u32..65,
        66u32..71,
        78u32..200
    ])
}

pub(crate) fn request() -> BoxedStrategy<Request> {
    let name_list = {
        let class = prop_oneof![
            integer().prop_map(|class| ExtendedObjectClass::Object(ObjectClass(class))),
            integer().prop_map(ExtendedObjectClass::Companion),
        ];
        let scope = prop_oneof![
            Just(ObjectScope::Vmd),
            text().prop_map(ObjectScope::Domain),
            Just(ObjectScope::Aa)
        ];
        (class, scope, of(text())).prop_map(|(class, scope, continue_after)| GetNameListRequest {
            class,
            scope,
            continue_after,
        })
    };
    let read =
        (any::<bool>(), variable_access()).prop_map(|(specification_with_result, access)| {
            ReadRequest {
                specification_with_result,
                access,
            }
        });
    let write = (variable_access(), vec(data(), 0..5))
        .prop_map(|(access, data)| WriteRequest { access, data });
    let attributes = prop_oneof![
        object_name().prop_map(GetVariableAccessAttributesRequest::Name),
        address().prop_map(GetVariableAccessAttributesRequest::Address),
    ];
    let define = (object_name(), vec(listed_variable(), 0..5))
        .prop_map(|(name, variables)| DefineNamedVariableListRequest { name, variables });
    let delete = (
        prop_oneof![0i64..5, integer()],
        of(vec(object_name(), 0..4)),
        of(text()),
    )
        .prop_map(|(scope, names, domain)| DeleteNamedVariableListRequest {
            scope: ScopeOfDelete(scope),
            names,
            domain,
        });
    let obtain = (of(raw(Just(0))), file_name(), file_name()).prop_map(
        |(source_server, source, destination)| ObtainFileRequest {
            source_server,
            source,
            destination,
        },
    );
    let open = (file_name(), any::<u32>()).prop_map(|(name, initial_position)| FileOpenRequest {
        name,
        initial_position,
    });
    let rename =
        (file_name(), file_name()).prop_map(|(current, new)| FileRenameRequest { current, new });
    let directory =
        (of(file_name()), of(file_name())).prop_map(|(specification, continue_after)| {
            FileDirectoryRequest {
                specification,
                continue_after,
            }
        });
    prop_oneof![
        any::<bool>().prop_map(|extended_derivation| Request::Status {
            extended_derivation
        }),
        name_list.prop_map(Request::GetNameList),
        Just(Request::Identify),
        read.prop_map(Request::Read),
        write.prop_map(Request::Write),
        attributes.prop_map(Request::GetVariableAccessAttributes),
        define.prop_map(Request::DefineNamedVariableList),
        object_name().prop_map(Request::GetNamedVariableListAttributes),
        delete.prop_map(Request::DeleteNamedVariableList),
        obtain.prop_map(Request::ObtainFile),
        read_journal().prop_map(Request::ReadJournal),
        of(text()).prop_map(|continue_after| Request::GetCapabilityList(
            GetCapabilityListRequest { continue_after }
        )),
        open.prop_map(Request::FileOpen),
        any::<i32>().prop_map(|frsm_id| Request::FileRead { frsm_id }),
        any::<i32>().prop_map(|frsm_id| Request::FileClose { frsm_id }),
        rename.prop_map(Request::FileRename),
        file_name().prop_map(Request::FileDelete),
        directory.prop_map(Request::FileDirectory),
        unknown_service().prop_map(Request::Unknown),
    ]
    .boxed()
}

pub(crate) fn response() -> BoxedStrategy<Response> {
    let identify = (text(), text(), text(), of(vec(oid(), 0..3))).prop_map(
        |(vendor, model, revision, abstract_syntaxes)| IdentifyResponse {
            vendor,
            model,
            revision,
            abstract_syntaxes,
        },
    );
    let read = (of(variable_access()), access_results())
        .prop_map(|(access, results)| ReadResponse { access, results });
    let write = vec(
        prop_oneof![Just(Ok(())), data_access_error().prop_map(Err)],
        0..8,
    )
    .prop_map(|results| WriteResponse { results });
    let attributes = (any::<bool>(), of(address()), type_spec()).prop_map(
        |(mms_deletable, address, type_spec)| VariableAccessAttributes {
            mms_deletable,
            address,
            type_spec,
        },
    );
    let list =
        (any::<bool>(), vec(listed_variable(), 0..5)).prop_map(|(mms_deletable, variables)| {
            NamedVariableListAttributes {
                mms_deletable,
                variables,
            }
        });
    let delete = (any::<u32>(), any::<u32>())
        .prop_map(|(matched, deleted)| DeleteNamedVariableListResponse { matched, deleted });
    let journal =
        (vec(journal_entry(), 0..3), any::<bool>()).prop_map(|(entries, more_follows)| {
            ReadJournalResponse {
                entries,
                more_follows,
            }
        });
    let open =
        (any::<i32>(), file_attributes()).prop_map(|(frsm_id, attributes)| FileOpenResponse {
            frsm_id,
            attributes,
        });
    let file_read = (octets(), any::<bool>())
        .prop_map(|(data, more_follows)| FileReadResponse { data, more_follows });
    let entry = (file_name(), file_attributes())
        .prop_map(|(name, attributes)| DirectoryEntry { name, attributes });
    let directory = (vec(entry, 0..4), any::<bool>()).prop_map(|(entries, more_follows)| {
        FileDirectoryResponse {
            entries,
            more_follows,
        }
    });
    prop_oneof![
        status().prop_map(Response::Status),
        name_list().prop_map(Response::GetNameList),
        identify.prop_map(Response::Identify),
        read.prop_map(Response::Read),
        write.prop_map(Response::Write),
        attributes.prop_map(Response::GetVariableAccessAttributes),
        Just(Response::DefineNamedVariableList),
        list.prop_map(Response::GetNamedVariableListAttributes),
        delete.prop_map(Response::DeleteNamedVariableList),
        Just(Response::ObtainFile),
        journal.prop_map(Response::ReadJournal),
        name_list().prop_map(Response::GetCapabilityList),
        open.prop_map(Response::FileOpen),
        file_read.prop_map(Response::FileRead),
        Just(Response::FileClose),
        Just(Response::FileRename),
        Just(Response::FileDelete),
        directory.prop_map(Response::FileDirectory),
        unknown_service().prop_map(Response::Unknown),
    ]
    .boxed()
}

pub(crate) fn unconfirmed() -> BoxedStrategy<Unconfirmed> {
    let report = (variable_access(), access_results())
        .prop_map(|(access, results)| InformationReport { access, results });
    prop_oneof![
        4 => report.prop_map(Unconfirmed::InformationReport),
        1 => status().prop_map(Unconfirmed::UnsolicitedStatus),
        1 => raw(Just(2)).prop_map(Unconfirmed::EventNotification),
        1 => raw(3u32..100).prop_map(Unconfirmed::Unknown),
    ]
    .boxed()
}

/// Any PDU.
pub(crate) fn pdu() -> BoxedStrategy<Pdu> {
    let confirmed_request = (
        any::<u32>(),
        of(vec(raw(0u32..3), 0..3)),
        request(),
        of(raw(Just(79))),
    )
        .prop_map(|(invoke_id, modifiers, service, detail)| ConfirmedRequest {
            invoke_id,
            modifiers,
            service,
            detail,
        });
    let confirmed_response =
        (any::<u32>(), response(), of(raw(Just(79)))).prop_map(|(invoke_id, service, detail)| {
            ConfirmedResponse {
                invoke_id,
                service,
                detail,
            }
        });
    let confirmed_error = (any::<u32>(), of(any::<u32>()), service_error()).prop_map(
        |(invoke_id, modifier_position, error)| ConfirmedError {
            invoke_id,
            modifier_position,
            error,
        },
    );
    prop_oneof![
        8 => confirmed_request.prop_map(Pdu::ConfirmedRequest),
        8 => confirmed_response.prop_map(Pdu::ConfirmedResponse),
        2 => confirmed_error.prop_map(Pdu::ConfirmedError),
        4 => unconfirmed().prop_map(Pdu::Unconfirmed),
        1 => reject().prop_map(Pdu::Reject),
        1 => any::<u32>().prop_map(|original_invoke_id| Pdu::CancelRequest { original_invoke_id }),
        1 => any::<u32>().prop_map(|original_invoke_id| Pdu::CancelResponse { original_invoke_id }),
        1 => (any::<u32>(), service_error())
            .prop_map(|(original_invoke_id, error)| Pdu::CancelError { original_invoke_id, error }),
        1 => initiate().prop_map(Pdu::InitiateRequest),
        1 => initiate().prop_map(Pdu::InitiateResponse),
        1 => service_error().prop_map(Pdu::InitiateError),
        1 => Just(Pdu::ConcludeRequest),
        1 => Just(Pdu::ConcludeResponse),
        1 => service_error().prop_map(Pdu::ConcludeError),
        1 => raw(14u32..100).prop_map(Pdu::Unknown),
    ]
    .boxed()
}
