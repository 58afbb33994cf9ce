"""The table of what can be written of the fields that were filled from pages."""

from __future__ import annotations

from qwvis_desktop.core.file_format import Format, Layout, whole
from qwvis_desktop.core.formats import fields_csv, fields_json, fields_xlsx
from qwvis_desktop.core.workbook import MIME

_ONE = Layout.ONE

FIELD_FORMATS = (
    Format("fields-csv", "Fields (CSV)", ".fields.csv", "text/csv", fields_csv.losses, whole(fields_csv.dump), _ONE),
    Format("fields-xlsx", "Fields (XLSX)", ".fields.xlsx", MIME, fields_xlsx.losses, whole(fields_xlsx.dump), _ONE),
    Format(
        "fields-json",
        "Fields (JSON)",
        ".fields.json",
        "application/json",
        fields_json.losses,
        whole(fields_json.dump),
        _ONE,
    ),
)
"""The formats for fields, in the order in which they are offered; a part of ``export_formats.FORMATS``."""
