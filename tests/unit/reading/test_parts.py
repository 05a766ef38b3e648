from fakebackend.reading.parts import parts_of


def test_every_part_has_the_way_to_it_in_the_order_of_the_file() -> None:
    value = {"a": [1, {"b": None}], "c": "d"}
    assert list(parts_of(value)) == [
        ((), value),
        (("a",), [1, {"b": None}]),
        (("a", 0), 1),
        (("a", 1), {"b": None}),
        (("a", 1, "b"), None),
        (("c",), "d"),
    ]
