-- Forgets hints that were given out and acted upon.
-- KEYS as of every script: 4 and 8 are what was given out of inspect and derive, 10 counts
-- ARGV hints as they were given out: time in 16 digits, priority, a space, subject
-- Gives how many were known.
return { forget(1) }
