"""Plays written examples again in a fresh area: placeholders become what stands there for them."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from tests.contract import placeholders
from tests.contract.placeholders import AREA, AREA_BELOW, NUMBERED
from tests.contract.stage import NOW, TODAY, Stage

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DIGEST = re.compile(r"0{55,63}[1-9]\d{0,8}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Replay:
    """One stage on which examples are sent again."""

    def __init__(self, stage: Stage, examples: dict[str, Any]) -> None:
        self._stage = stage
        self._examples = examples
        self._real: dict[str, str] = {}

    async def run(self) -> None:
        """Send every request with what stands for its placeholders; each must succeed again."""
        await self._stage.assemble()
        self._real = {
            placeholder: self._stage.given[name] for name, placeholder in self._examples["given"].items()
        }
        for step in self._examples["steps"]:
            if "meanwhile" in step:
                await self._stage.meanwhile(step["meanwhile"])
                continue
            request, answer = step["request"], step["answer"]
            real = await self._stage.do(
                step["by"],
                step["operation"],
                self._fill(request.get("body")),
                query=self._fill(request.get("query")),
                headers=request.get("headers"),
                media_type=request.get("media_type", "application/json"),
                **self._fill(request.get("path", {})),
            )
            self._learn(answer["body"], real)

    def _fill(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._fill(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._fill(inner) for inner in value]
        return self._fill_text(value) if isinstance(value, str) else value

    def _fill_text(self, value: str) -> str:
        if value in self._real:
            return self._real[value]
        if _MOMENT.fullmatch(value):
            away = datetime.fromisoformat(value) - NOW
            return self._stage.moment(round(away / timedelta(hours=1)))
        if _DATE.fullmatch(value) and date.fromisoformat(value) >= TODAY:
            return self._stage.day((date.fromisoformat(value) - TODAY).days)
        area = self._stage.world.area
        return value.replace(AREA, area).replace(AREA_BELOW, area.lower())

    def _learn(self, said: Any, real: Any, key: str = "") -> None:
        """Note what stands for the placeholders of an answer; its shape is compared elsewhere."""
        if isinstance(said, dict) and isinstance(real, dict):
            for name in said.keys() & real.keys():
                self._learn(said[name], real[name], name)
        elif isinstance(said, list) and isinstance(real, list):
            for one, other in zip(said, real, strict=False):
                self._learn(one, other, key)
        elif isinstance(said, str) and isinstance(real, str) and self._stands_for(said, key):
            self._real.setdefault(said, real)

    def _stands_for(self, said: str, key: str) -> bool:
        return (
            key in NUMBERED
            or (key == "sha256" and _DIGEST.fullmatch(said) is not None)
            or placeholders.UUID.fullmatch(said) is not None
        )
