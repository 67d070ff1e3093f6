//! Data sets, setting groups, logs and files as steps, and that what they change is put back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod common;

use common::{all_pass, run_cases};
use iedassay_reports::{Restored, Verdict};

#[tokio::test(start_paused = true)]
async fn data_sets_are_created_deleted_and_put_back() {
    let (record, _) = run_cases(
        "  - id: test/data-sets
    title: Creates and deletes
    steps:
      - create-data-set: {data-set: 'ASSAYLD0/LLN0$dsMine', members: ['ASSAYLD0/GGIO1.Ind1[ST]', 'ASSAYLD0/GGIO1.Ind2.stVal[ST]']}
      - get-data-set: {data-set: 'ASSAYLD0/LLN0$dsMine', as: d, check: ['d.deletable', \"d.members == ['ASSAYLD0/GGIO1.Ind1[ST]', 'ASSAYLD0/GGIO1.Ind2.stVal[ST]']\"]}
      - create-data-set: {data-set: 'ASSAYLD0/LLN0$dsMine', members: ['ASSAYLD0/GGIO1.Ind1[ST]'], expect: definition/object-exists}
      - create-data-set: {data-set: 'ASSAYLD0/LLN0$dsOther', members: ['ASSAYLD0/GGIO1.Nothing[ST]'], expect: refused}
      - create-data-set: {data-set: '@dsOwn', members: ['ASSAYLD0/GGIO1.Ind1[ST]']}
      - delete-data-set: {data-set: '@dsOwn', as: d, check: ['d.matched == 1', 'd.deleted == 1']}
      - delete-data-set: {data-set: 'ASSAYLD0/LLN0$dsStatus', expect: refused, as: d, check: ['d.deleted == 0']}
      - delete-data-set: {data-set: 'ASSAYLD0/LLN0$dsNothing', expect: refused, as: d, check: ['d.matched == 0']}
  - id: test/as-before
    title: Finds none of them
    steps:
      - get-name-list: {class: variable-list, domain: ASSAYLD0, as: n, check: [\"!n.names.exists(x, x == 'LLN0$dsMine')\", 'size(n.names) > 3']}
",
        true,
    )
    .await;
    all_pass(&record);
    assert_eq!(record.cases[0].restored, Restored::Yes);
}

#[tokio::test(start_paused = true)]
async fn setting_groups_are_selected_edited_and_put_back() {
    let (record, _) = run_cases(
        "  - id: test/groups
    title: Selects and edits
    steps:
      - select-setting-group: {ld: ASSAYPROT, group: 2}
      - edit-setting-group: {ld: ASSAYPROT, group: 2}
      - write: {ref: 'ASSAYPROT/PTOC1.OpDlTmms.setVal[SE]', value: 234, restore: false}
      - confirm-setting-group: {ld: ASSAYPROT}
      - read: {ref: 'ASSAYPROT/PTOC1.OpDlTmms.setVal[SG]', as: r, check: ['r.value == 234']}
      - select-setting-group: {ld: ASSAYPROT, group: 9, expect: object-value-invalid}
      - edit-setting-group: {ld: ASSAYPROT, group: 3}
  - id: test/as-before
    title: Finds everything as it was
    steps:
      - read: {ref: 'ASSAYPROT/LLN0$SP$SGCB$ActSG', as: r, check: ['r.value == 1']}
      - read: {ref: 'ASSAYPROT/LLN0$SP$SGCB$EditSG', as: r, check: ['r.value == 0']}
      - select-setting-group: {ld: ASSAYPROT, group: 2}
      - read: {ref: 'ASSAYPROT/PTOC1.OpDlTmms.setVal[SG]', as: r, check: ['r.value == 200']}
",
        true,
    )
    .await;
    all_pass(&record);
    assert_eq!(record.cases[0].restored, Restored::Yes);
}

#[tokio::test(start_paused = true)]
async fn logs_are_queried_by_time_and_after_an_entry() {
    let (record, _) = run_cases(
        "  - id: test/log
    title: Logs two changes
    steps:
      - write: {ref: 'ASSAYLD0/LLN0$LG$lcbStatus$LogEna', value: true}
      - mark: before
      - wait: 1s
      - stimulate: {member: \"${model.leaves.filter(l, l.ref == 'ASSAYLD0/GGIO1.Ind1.stVal[ST]')[0]}\", change: dchg, as: first}
      - wait: 1s
      - mark: between
      - wait: 1s
      - stimulate: {member: \"${model.leaves.filter(l, l.ref == 'ASSAYLD0/GGIO1.Ind2.stVal[ST]')[0]}\", change: dchg}
      - query-log: {log: 'ASSAYLD0/LLN0$EventLog', as: every, check: ['size(every.entries) == 2', '!every.moreFollows', \"every.entries[0].members == ['ASSAYLD0/GGIO1$ST$Ind1']\", 'every.entries[0].values[0].stVal == first.value', \"every.entries[0].reasons[0] == '0b0100000'\"]}
      - query-log: {log: 'ASSAYLD0/LLN0$EventLog', from: $before.utc, to: $between.utc, as: some, check: ['some.ids == [every.ids[0]]']}
      - query-log: {log: 'ASSAYLD0/LLN0$EventLog', after: '${every.ids[0]}', after-time: '${every.entries[0].time}', as: rest, check: ['rest.ids == [every.ids[1]]']}
      - query-log: {log: 'ASSAYLD0/LLN0$NoLog', expect: access/object-non-existent}
",
        true,
    )
    .await;
    all_pass(&record);
}

#[tokio::test(start_paused = true)]
async fn files_are_listed_read_set_deleted_and_put_back() {
    let (record, _) = run_cases(
        "  - id: test/files
    title: Sets and deletes
    steps:
      - list-files: {as: l, check: [\"l.names.exists(n, n == 'readme.txt')\", 'l.files.exists(f, f.size == 100000)']}
      - get-file: {file: readme.txt, as: f, check: ['f.size == f.told', \"f.text.startsWith('Files')\"]}
      - get-file: {file: readme.txt, position: 6, as: f, check: [\"f.text.startsWith('of')\"]}
      - set-file: {file: new.txt, text: 'Something new'}
      - get-file: {file: new.txt, as: f, check: [\"f.text == 'Something new'\"]}
      - set-file: {file: large.bin, size: 200000}
      - get-file: {file: large.bin, as: f, check: ['f.size == 200000', 'f.pieces > 1']}
      - delete-file: {file: readme.txt}
      - get-file: {file: readme.txt, expect: file/file-non-existent}
      - delete-file: {file: nothing, expect: refused}
      - set-file: {file: '../outside', text: 'x', expect: refused}
  - id: test/as-before
    title: Finds everything as it was
    steps:
      - list-files: {as: l, check: ['size(l.names) == 3']}
      - get-file: {file: readme.txt, as: f, check: [\"f.text.startsWith('Files')\"]}
",
        true,
    )
    .await;
    all_pass(&record);
    assert_eq!(record.cases[0].restored, Restored::Yes);
    assert_eq!(record.cases[1].verdict, Verdict::Pass);
}
