"""The scholarly registries: one adapter each, and `gather`, the only network step.

Each adapter is a `parse`, pure and tested on recorded payloads, beside a look-up that asks and turns every
failure into a value. How an answer is got (throttle, back-off, breaker, guard) is `_http`'s alone.
"""
