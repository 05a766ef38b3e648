import base64
import json
from typing import Any

import pytest

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.templating.compile_templates import compile_templates
from fakebackend.templating.template import RenderingError
from fakebackend.templating.template_text import TemplateText
from tests.answering import context_for

CLAIMS = base64.urlsafe_b64encode(json.dumps({"sub": "ann?>"}).encode()).decode().rstrip("=")


def value_of(template: str) -> Any:
    context = context_for("POST", "/?q=a-12-b", headers={"Authorization": f"Bearer h.{CLAIMS}.s"}, body='{"a": "[1]"}')
    return TemplateText(template).render(context)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        pytest.param("{{ 'é?>' | b64encode }}", "w6k/Pg==", id="b64encode"),
        pytest.param("{{ 'é?>' | b64encode(url=true) }}", "w6k_Pg", id="b64encode-url"),
        pytest.param("{{ 'é'.encode() | b64encode }}", "w6k=", id="b64encode-bytes"),
        pytest.param("{{ 'w6k/Pg==' | b64decode }}", "é?>", id="b64decode"),
        pytest.param("{{ 'w6k_Pg' | b64decode(url=true) }}", "é?>", id="b64decode-url-without-padding"),
        pytest.param("{{ 'w6k/\n Pg==' | b64decode }}", "é?>", id="b64decode-with-line-ends"),
        pytest.param("{{ '/w==' | b64decode }}", "\ufffd", id="b64decode-no-utf-8"),
        pytest.param("{{ 'a' | hash }}", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", id="hash"),
        pytest.param("{{ 'a' | hash('md5') }}", "0cc175b9c0f1b6a831c399e269772661", id="hash-md5"),
        pytest.param("{{ 'a' | hmac('sha1', 'k') }}", "40e7d441cadb17b07f050341aa23a6820ed81c8b", id="hmac"),
        pytest.param("{{ json.a | from_json }}", [1], id="from_json"),
        pytest.param("{{ (headers.Authorization | jwt_claims).sub }}", "ann?>", id="jwt_claims"),
        pytest.param("{{ query.q | regex('[0-9]+') }}", "12", id="regex"),
        pytest.param("{{ query.q | regex('-([0-9])') }}", "1", id="regex-group"),
        pytest.param("{{ query.q | regex('x') | default('none') }}", "none", id="regex-without-a-match"),
        pytest.param("{{ now() | timestamp > 1700000000 }}", True, id="timestamp"),
        pytest.param("{{ now(days=-1) | strftime('%Y') | int > 2000 }}", True, id="strftime"),
        pytest.param("{{ (now(hours=2) - now()).total_seconds() | round | int }}", 7200, id="now-moved"),
    ],
)
def test_a_filter(template: str, expected: Any) -> None:
    assert value_of(template) == expected


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        pytest.param("{{ 'a!' | b64decode }}", "b64decode: no base64: ", id="b64decode"),
        pytest.param("{{ 'a' | hash('sha999') }}", "an algorithm is one of md5, sha1", id="hash"),
        pytest.param("{{ '[' | from_json }}", "from_json: Expecting value", id="from_json"),
        pytest.param("{{ 'a.b' | jwt_claims }}", "jwt_claims: a token has three parts", id="jwt_claims"),
        pytest.param("{{ query.q | regex('x') }}", "nothing matches 'x'", id="regex"),
        pytest.param("{{ ('a' * 40 ~ '!') | regex('^(a+' ~ ')+$') }}", "may take too long", id="slow-regex"),
        pytest.param("{{ random_choice([]) }}", "random_choice takes a list with something in it", id="random_choice"),
        pytest.param("{{ random_string(10 ** 6) }}", "random_string takes a length up to 100,000", id="random_string"),
    ],
)
def test_what_cannot_be_done_says_why(template: str, reason: str) -> None:
    with pytest.raises(RenderingError) as caught:
        value_of(template)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("template", "error"),
    [
        pytest.param("{{ text | regex('(') }}", 'regex("(") is no regular expression: ', id="none"),
        pytest.param(
            "{{ text | regex('^(a+)+$') }}", 'regex("^(a+)+$") has a quantifier inside another one', id="slow"
        ),
    ],
)
def test_a_regular_expression_that_stands_in_a_template_is_looked_at_when_it_is_compiled(
    template: str, error: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        compile_templates(template)
    assert str(caught.value).startswith(error)
