"""Made-up opinions that fit their speakers: what somebody says follows from where he lives, his plan, his promotion and
his age; how he says it, from who he is. With the dirt of real ones, and with copies that many people send."""

from tantam.sample.opinions.inbox import write

__all__ = ["write"]
