"""What a caller could learn of what they may not read: asked of every door of a service, over random libraries."""
