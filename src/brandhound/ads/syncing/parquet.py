# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeStubs=false
"""Parquet files, through a library that has no types."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import pyarrow as pa
import pyarrow.parquet as pq

Kind = Literal["text", "whole", "exact", "float", "date", "time"]

_TYPES: dict[str, Any] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "exact": pa.decimal128(26, 6),
    "float": pa.float64(),
    "date": pa.date32(),
    "time": pa.timestamp("us", tz="UTC"),
}


class ParquetFile:
    """A file that is written in portions of rows. Use it in a `with` block."""

    def __init__(self, path: Path, kinds: Mapping[str, Kind]) -> None:
        self._schema: Any = pa.schema([(name, _TYPES[kind]) for name, kind in kinds.items()])
        self._writer: Any = pq.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows; each has the columns in their order."""
        columns = zip(*rows, strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
