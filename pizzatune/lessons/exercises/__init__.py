"""The exercises as data, one file a lesson; `pizzatune.lessons.exercise` checks them."""
