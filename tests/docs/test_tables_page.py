"""The reference page of the tables is made from the schema."""

from docs.make_tables import PAGE, page


def test_the_page_of_the_tables_is_that_of_the_schema():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python docs/make_tables.py"
