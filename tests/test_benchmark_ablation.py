"""What is left out when rules of hearing are measured: each of them something, and each where it can be seen."""

from __future__ import annotations

from dataclasses import fields

import pytest

pytest.importorskip("soundfile", reason="the benchmark's libraries are not installed")

from benchmark.ablation import VARIANTS, Variant, table
from benchmark.ablation_night import PARTS
from voicecoach.assembly import Assembly
from voicecoach.hearing.policy import Rules
from voicecoach.settings import Settings

POLICY = Assembly(Settings()).policy()
PRODUCT, *WITHOUT = VARIANTS


def test_the_product_is_measured_everywhere() -> None:
    assert PRODUCT.of(POLICY) == POLICY
    assert set(PRODUCT.parts) == PARTS.keys()


@pytest.mark.parametrize("variant", WITHOUT, ids=lambda variant: variant.key)
def test_every_variant_lacks_something_and_is_measured_somewhere(variant: Variant) -> None:
    assert variant.of(POLICY) != POLICY
    assert variant.parts
    assert set(variant.parts) <= PARTS.keys()


def test_every_switch_of_a_rule_is_turned_off_by_a_variant() -> None:
    switches = {
        (group.name, switch.name)
        for group in fields(Rules)
        for switch in fields(getattr(POLICY.rules, group.name))
        if isinstance(getattr(getattr(POLICY.rules, group.name), switch.name), bool)
    }
    turned_off = {
        (group, name)
        for variant in WITHOUT
        for group, name in switches
        if getattr(getattr(variant.of(POLICY).rules, group), name) is False
    }
    assert turned_off == switches


def test_a_figure_that_a_rule_cannot_change_is_left_out() -> None:
    written = table({"product": {"right.quiet": 0.985, "stop_to_silence_own_voice_p95_ms": 253.4}})
    heading, _, product, *others = written.splitlines()
    assert len(others) == len(WITHOUT)
    cells = dict(zip(heading.split(" | "), product.split(" | "), strict=True))
    assert (cells["quiet"], cells["stop p95, ms"], cells["12 dB"]) == ("0.985", "253", ".")
