"""The base of every model that leaves a stage, is written to a file, or holds options."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["FrozenModel"]


class FrozenModel(BaseModel):
    """Cannot be changed once it is made, and refuses a key that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
