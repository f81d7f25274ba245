"""Watch files: what is read, and one line for each fault that names watch, field and line."""

from __future__ import annotations

import pytest

from alerts.desk import Desk, watch_text
from mediawatch.alerts import importing, watches
from mediawatch.errors import InputError

FULL = """\
# A comment
- id: minister
  name: Minister resigns
  owner: desk@example.org
  query: '"jane doe" AND (resign* OR investigation)'
  languages: [en, fr]
  unit: event
  news: [new, correction]
  active: false
  expires: 2026-12-31T18:00+01:00
  recipients:
    - {address: duty@example.org, zone: Europe/Paris, max_per_hour: 10, quiet: ["22:00-06:00"]}
    - {address: press@example.org, language: fr, mode: digest,
       digest: {times: [08:00, 18:30], days: [mon, fri]}, empty_digest: true}
- id: words
  name: Words
  owner: desk@example.org
  keywords: {any: [C++, "9/11"], all: [dam], none: [film]}
  recipients: [{address: duty@example.org}]
"""


def test_a_full_file() -> None:
    found = watches.parse(FULL, "watches.yaml")
    assert found.faults == ()
    minister, words = [entry.watch for entry in found.entries]
    assert [entry.line for entry in found.entries] == [2, 15]
    assert minister.unit == "event"
    assert minister.news == ("new", "correction")
    assert not minister.active
    assert minister.expires is not None
    assert minister.expires.isoformat() == "2026-12-31T17:00:00+00:00"
    duty, press = minister.recipients
    assert (duty.mode, duty.max_per_hour, duty.quiet) == ("instant", 10, ("22:00-06:00",))
    assert press.digest_times == ("08:00", "18:30")
    assert press.empty_digest
    assert words.query == '"dam" AND ("C++" OR "9/11") AND NOT "film"'
    assert (words.unit, words.news, words.languages, words.active) == ("story", ("new",), (), True)


def test_written_back_and_read_again_it_is_the_same() -> None:
    before = [entry.watch for entry in watches.parse(FULL, "f").entries]
    again = watches.parse(watches.dump(before), "f")
    assert [watches.canonical(e.watch) for e in again.entries] == [
        watches.canonical(watch) for watch in before
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("query: '", "query: '(", "f:5: watch minister, query: "),
        ("unit: event", "units: event", "f:7: watch minister, units: unknown field"),
        ("unit: event", "unit: actor", "f:7: watch minister, unit: 'actor' is none of"),
        (
            "name: Minister resigns",
            'name: "Minister\\nBcc: x"',
            "f:3: watch minister, name: holds a",
        ),
        (
            "duty@example.org, zone",
            '"duty@example.org\\r\\nBcc: a@b.c", zone',
            "f:12: watch minister, address: holds a",
        ),
        (
            "duty@example.org, zone",
            '"a@b.c, d@e.f", zone',
            "f:12: watch minister, address: 'a@b.c, d@e.f' is",
        ),
        ("Europe/Paris", "Europe/Atlantis", "f:12: watch minister, zone: 'Europe/Atlantis' is no"),
        ("Europe/Paris", "../../etc/passwd", "f:12: watch minister, zone: '../../etc/passwd'"),
        ("22:00-06:00", "22-6", "f:12: watch minister, quiet: '22-6'"),
        ("08:00, ", "25:00, ", "f:14: watch minister, times: '25:00'"),
        ("[mon, fri]", "[lundi]", "f:14: watch minister, days: 'lundi'"),
        ("mode: digest", "mode: weekly", "f:13: watch minister, mode: 'weekly' is none of"),
        ("max_per_hour: 10", "max_per_hour: many", "f:12: watch minister, max_per_hour: "),
        ("news: [new, correction]", "news: [old]", "f:8: watch minister, news: 'old'"),
        ("  owner: desk@example.org\n  query", "  query", "f:2: watch minister, owner: is missing"),
        ("id: minister", "id: 'a b'", "f:2: watch a b, id: use letters"),
        ("expires: 2026-12-31T18:00+01:00", "expires: soon", "f:10: watch minister, expires: "),
        ("active: false", "active: perhaps", "f:9: watch minister, active: write true or false"),
        ("unit: event", "name: Again", "f:7: watch minister, name: stands there twice"),
    ],
)
def test_a_bad_watch_costs_itself(old: str, new: str, fault: str) -> None:
    assert old in FULL
    found = watches.parse(FULL.replace(old, new, 1), "f")
    assert [entry.watch.watch_id for entry in found.entries] == ["words"]
    [line] = found.faults
    assert line.startswith(fault)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("- 5\n", "f:1: watch number 1, entry: write 'field: value'"),
        ("- id: a\n", "f:1: watch a, query: is missing"),
        ("- {id: a, query: x, keywords: {any: [x]}}\n", "f:1: watch a, keywords: give query or"),
        ("- {id: a, keywords: {none: [x]}}\n", "f:1: watch a, keywords: "),
        ("- {id: a, query: x, recipients: []}\n", "f:1: watch a, recipients: write at least one"),
        ("- {id: a, query: x}\n", "f:1: watch a, recipients: is missing"),
        ("- {id: a, query: [x]}\n", "f:1: watch a, query: write one text"),
    ],
)
def test_entries_that_are_none(entry: str, fault: str) -> None:
    found = watches.parse(entry, "f")
    assert found.entries == ()
    assert found.faults[0].startswith(fault)


def test_an_id_twice_and_an_address_twice() -> None:
    found = watches.parse(watch_text() + watch_text(), "f")
    assert len(found.entries) == 1
    assert "'dam' stands above already" in found.faults[0]
    twice = watch_text().replace("[{", "[{address: desk@example.org}, {")
    assert "an address stands there twice" in watches.parse(twice, "f").faults[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- id: [\n", "f:2:1: not valid YAML"),
        ("id: a\n", "f:1: write a list of watches"),
        ("- {a: \x00}\n", "f: not valid YAML"),
        ("[" * 2000, "f: nested too deeply"),
        ("- &a [*a]\n- *b\n", "f:2:3: not valid YAML"),
    ],
)
def test_what_is_no_list_of_watches(text: str, words: str) -> None:
    with pytest.raises(InputError, match=r"^f") as caught:
        watches.parse(text, "f")
    assert str(caught.value).startswith(words)


def test_an_empty_file_holds_no_watch() -> None:
    assert watches.parse("# nothing yet\n", "f").entries == ()


# --- import ----------------------------------------------------------------------------


def stored(desk: Desk) -> dict[str, str]:
    return {watch.watch_id: watch.name for watch in importing.load(desk.conn)}


def active_since(desk: Desk, watch_id: str) -> object:
    [(since,)] = desk.run_sql("SELECT active_since FROM watch WHERE watch_id = %s", [watch_id])
    return since


def test_only_a_changed_entry_is_imported_again(bare_desk: Desk) -> None:
    desk = bare_desk
    first = desk.watch(watch_text("a"), watch_text("b"))
    assert (first.added, first.changed) == (["a", "b"], [])
    since = active_since(desk, "a")
    second = desk.watch(watch_text("a"), watch_text("b", name="Other"), since=desk.now)
    assert (second.added, second.changed, second.unchanged) == ([], ["b"], ["a"])
    assert active_since(desk, "a") == since
    assert active_since(desk, "b") == desk.now
    assert stored(desk) == {"a": "Dams", "b": "Other"}


def test_an_entry_edited_on_both_sides_is_a_conflict_and_the_database_wins(
    bare_desk: Desk,
) -> None:
    desk = bare_desk
    desk.watch(watch_text("a"), watch_text("b"))
    desk.run_sql("UPDATE watch SET name = 'By hand' WHERE watch_id = 'a'")
    untouched = desk.watch(watch_text("a"), watch_text("b"))
    assert (untouched.conflicts, untouched.unchanged) == ([], ["a", "b"])
    report = desk.watch(watch_text("a", name="By file"), watch_text("b"))
    [line] = report.conflicts
    assert line.startswith("watches.yaml:1: watch a was edited")
    assert stored(desk)["a"] == "By hand"
    exported = watches.dump(importing.load(desk.conn))
    assert desk.watch(exported).conflicts == []


def test_an_entry_with_a_fault_and_a_gone_one_stay_unless_pruned(bare_desk: Desk) -> None:
    desk = bare_desk
    desk.watch(watch_text("a"), watch_text("b"), watch_text("c"))
    broken = watch_text("a").replace("query: 'dam'", "query: '('")
    report = desk.watch(broken, watch_text("b"))
    assert len(report.faults) == 1
    assert set(stored(desk)) == {"a", "b", "c"}
    found = watches.parse(broken + watch_text("b"), "watches.yaml")
    pruned = importing.import_file(desk.conn, "watches.yaml", found, desk.now, prune=True)
    assert pruned.pruned == ["c"]
    assert set(stored(desk)) == {"a", "b"}


def test_one_reader_of_two_watches_is_no_conflict(bare_desk: Desk) -> None:
    desk = bare_desk
    desk.watch(watch_text("a", recipient=", zone: Asia/Tokyo"), watch_text("b"))
    report = desk.watch(
        watch_text("a", name="New", recipient=", zone: Asia/Tokyo"), watch_text("b")
    )
    assert (report.changed, report.conflicts) == (["a"], [])


def test_a_removed_reader_goes_and_a_removed_watch_stays_removed(bare_desk: Desk) -> None:
    desk = bare_desk
    two = watch_text("a").replace("[{", "[{address: second@example.org}, {")
    desk.watch(two)
    desk.watch(watch_text("a"))
    [watch] = importing.load(desk.conn)
    assert [reader.address for reader in watch.recipients] == ["desk@example.org"]
    desk.run_sql("UPDATE watch SET removed = true, active = false")
    assert desk.watch(watch_text("a")).unchanged == ["a"]
    assert len(desk.watch(watch_text("a", name="Changed")).conflicts) == 1
    assert stored(desk) == {}


def test_a_conflict_is_said_once(bare_desk: Desk) -> None:
    bare_desk.watch(watch_text("a"))
    bare_desk.run_sql("UPDATE watch SET name = 'By hand'")
    changed = watch_text("a", query="bridge")
    assert len(bare_desk.watch(changed).conflicts) == 1
    again = bare_desk.watch(changed)
    assert (again.conflicts, again.unchanged) == ([], ["a"])
    assert bare_desk.run_sql("SELECT name, query FROM watch") == [("By hand", "dam")]
    assert len(bare_desk.watch(watch_text("a", query="river")).conflicts) == 1


def test_who_unsubscribed_stays_so_and_the_file_is_still_followed(bare_desk: Desk) -> None:
    bare_desk.watch(watch_text("a"))
    bare_desk.run_sql("UPDATE subscription SET unsubscribed_at = now()")
    report = bare_desk.watch(watch_text("a", query="bridge"))
    assert (report.conflicts, report.changed) == ([], ["a"])
    assert bare_desk.run_sql("SELECT unsubscribed_at IS NULL FROM subscription") == [(False,)]
