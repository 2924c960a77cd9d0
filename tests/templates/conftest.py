import pytest

from ocr_pipeline.templates import Form, TemplateSet, load_templates


@pytest.fixture(scope="session")
def templates() -> TemplateSet:
    return load_templates()


@pytest.fixture(scope="session")
def form_a(templates: TemplateSet) -> Form:
    return templates.form("gov-disclosure-a")


@pytest.fixture(scope="session")
def form_b(templates: TemplateSet) -> Form:
    return templates.form("gov-disclosure-b")
