from fakebackend.state.counts import Counts


def test_positions_counters_and_windows_count_by_name() -> None:
    counts = Counts()
    counts.advance("a")
    counts.advance("a")
    assert (counts.position("a"), counts.position("b")) == (2, 0)
    assert [counts.count("a"), counts.count("a"), counts.count("b")] == [1, 2, 1]
    assert (counts.knows("a"), counts.knows("c"), counts.counters) == (True, False, ("a", "b"))


def test_a_window_stays_open_until_it_ends() -> None:
    counts = Counts()
    window = counts.window("a", 10.0, 100.0)
    assert window.ends == 110.0
    assert counts.window("a", 10.0, 109.9) is window
    assert counts.window("b", 10.0, 109.9) is not window
    assert counts.window("a", 10.0, 110.0).ends == 120.0


def test_a_copy_counts_for_itself() -> None:
    counts = Counts()
    counts.advance("a")
    counts.count("a")
    counts.window("a", 10.0, 0.0).used = 1
    other = counts.copied()
    other.advance("a")
    other.window("a", 10.0, 0.0).used = 5
    assert (counts.position("a"), counts.count("a"), counts.window("a", 10.0, 0.0).used) == (1, 2, 1)
    assert (other.position("a"), other.count("a"), other.window("a", 10.0, 0.0).used) == (2, 2, 5)


def test_what_is_gone_is_forgotten_but_for_counters() -> None:
    counts = Counts()
    for name in ("kept", "gone"):
        counts.advance(name)
        counts.window(name, 10.0, 0.0).used = 1
        counts.count(name)
    counts.keep_only(frozenset({"kept"}))
    assert [(counts.position(n), counts.window(n, 10.0, 0.0).used, counts.count(n)) for n in ("kept", "gone")] == [
        (1, 1, 2),
        (0, 0, 2),
    ]
