"""Eight bytes at a time: words of 64 bits read from and written to any place of an array of bytes."""

from __future__ import annotations

from functools import partial
from typing import Any

import numba
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

small = partial(numba.njit, forceinline=True)
"""Compiled into whoever calls it: for functions of a few steps."""


def _place(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, args[0])
    word = context.get_value_type(types.uint64).as_pointer()
    return builder.bitcast(cgutils.gep_inbounds(builder, array.data, args[1]), word)


@intrinsic
def load(typing: Any, array: Any, at: Any) -> Any:
    """``load(array, at)``: the eight bytes from ``at`` on as a uint64, the first lowest; they must be in the array."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_place(context, builder, signature, args), align=1)

    return types.uint64(array, types.int64), code


@intrinsic
def store(typing: Any, array: Any, at: Any, value: Any) -> Any:
    """``store(array, at, value)``: write a uint64 as eight bytes from ``at`` on, the lowest first; they must be in the
    array."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[2], _place(context, builder, signature, args), align=1)
        return context.get_dummy_value()

    return types.none(array, types.int64, types.uint64), code


@intrinsic
def first_bit(typing: Any, value: Any) -> Any:
    """``first_bit(x)``: the place of the lowest bit that is set; x is a uint64 and not 0."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], cgutils.true_bit)

    return types.uint64(types.uint64), code
