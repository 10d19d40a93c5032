"""How the kernels of masking are compiled, and raw words found in bytes, eight at a time.

A raw word is a run of ASCII letters and of bytes beyond ASCII.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

compiled = partial(numba.njit, _nrt=False)
"""Without numba's counts of references: they took a quarter of the time. So no kernel can make an array; each is given
what it writes to."""

small = partial(compiled, forceinline=True)
"""Compiled into whoever calls it: for functions of a few steps."""

_NONE = np.uint64(0)

WIDTH = 16
"""Bytes of the longest raw word that is looked at as a whole."""


@intrinsic
def _letters(typing: Any, array: Any, at: Any, most: Any) -> Any:
    """``_letters(array, at, most)``: how many of the eight bytes from ``at`` on are of a raw word, ``most`` of them at
    most, and these bytes as a number, the first lowest. All eight must be in the array."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        word = context.get_value_type(types.uint64)

        def all_(value: int) -> Any:
            return word(value * 0x0101010101010101)

        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        x = builder.load(
            builder.bitcast(cgutils.gep_inbounds(builder, data, args[1]), word.as_pointer()), align=1
        )
        # Letters small, and no byte below 0x80: so no subtraction reaches into the next byte.
        low = builder.or_(x, all_(0xA0))
        beyond = builder.or_(builder.not_(builder.sub(low, all_(97))), builder.sub(low, all_(123)))
        others = builder.and_(builder.and_(beyond, builder.not_(x)), all_(0x80))
        size = builder.lshr(builder.cttz(others, cgutils.false_bit), word(3))
        size = builder.select(builder.icmp_signed("<", args[2], size), args[2], size)
        kept = builder.not_(builder.shl(word(-1), builder.shl(size, word(3))))
        whole = builder.icmp_signed(">=", size, word(8))
        kept = builder.select(whole, x, builder.and_(x, kept))
        return context.make_tuple(builder, signature.return_type, (size, kept))

    return types.Tuple((types.int64, types.uint64))(array, types.int64, types.int64), code


@small
def raw(data: Any, at: int, end: int) -> tuple[int, Any, Any]:
    """The length of the raw word at a byte, 0 to WIDTH, and its bytes as two numbers. WIDTH bytes must be there from
    ``at`` on; those from ``end`` on are none of it."""
    size, low = _letters(data, at, end - at)
    high = _NONE
    if size == 8:
        more, high = _letters(data, at + 8, end - at - 8)
        size += more
    return size, low, high


@intrinsic
def peek(typing: Any, array: Any, at: Any) -> Any:
    """``peek(array, at)``: the byte at ``at``, which must be in the array; it is never counted from the end."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        byte = builder.load(cgutils.gep_inbounds(builder, data, args[1]))
        return builder.zext(byte, context.get_value_type(types.int64))

    return types.int64(array, types.int64), code
