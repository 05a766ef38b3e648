"""The template of `$by`: always one, and what is undefined in it is the empty text."""

import jinja2

from fakebackend.templating.sandbox import TemplateEnvironment
from fakebackend.templating.template_text import TemplateText


class LenientText(TemplateText):
    """A template in which what is missing is written as nothing."""

    environment = TemplateEnvironment(jinja2.ChainableUndefined)
