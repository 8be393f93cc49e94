"""The rules behind ``follow_up``: English word lists, mentions, pronouns and fragments."""
