-- The history: what a person's days at the desk were made of. No joints, no pictures.
--
-- Times are milliseconds since 1970-01-01T00:00:00Z with the seconds east of UTC that held there;
-- lengths are milliseconds by a clock that nobody sets.

-- Every stretch as it was: what counts as a break can be decided anew over them.
CREATE TABLE stretch (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  from_ms INTEGER NOT NULL,
  utc_offset_s INTEGER NOT NULL,
  lasted_ms INTEGER NOT NULL CHECK (lasted_ms >= 0),
  -- Of these, milliseconds that the machine slept.
  asleep_ms INTEGER NOT NULL CHECK (asleep_ms >= 0),
  locked INTEGER NOT NULL CHECK (locked IN (0, 1)),
  -- It goes on: it is written anew from time to time, and is over with the run.
  open INTEGER NOT NULL CHECK (open IN (0, 1))
) STRICT;
CREATE INDEX stretch_from ON stretch (from_ms);

-- Every break that the person was led through.
CREATE TABLE break (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  from_ms INTEGER NOT NULL,
  utc_offset_s INTEGER NOT NULL,
  lasted_ms INTEGER NOT NULL CHECK (lasted_ms >= 0),
  -- The routine; null for exercises by name.
  routine TEXT,
  planned INTEGER NOT NULL,
  done INTEGER NOT NULL,
  verified INTEGER NOT NULL,
  walked_ms INTEGER NOT NULL CHECK (walked_ms >= 0),
  -- An exercise of strength was done.
  strength INTEGER NOT NULL CHECK (strength IN (0, 1))
) STRICT;
CREATE INDEX break_from ON break (from_ms);

-- The exercises of a break in the order they were done.
CREATE TABLE exercise (
  break INTEGER NOT NULL REFERENCES break (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  exercise TEXT NOT NULL,
  -- Repetitions asked for, seen, and by time.
  wanted INTEGER NOT NULL,
  verified INTEGER NOT NULL,
  timed INTEGER NOT NULL,
  held_ms INTEGER NOT NULL CHECK (held_ms >= 0),
  took_ms INTEGER NOT NULL CHECK (took_ms >= 0),
  ended TEXT NOT NULL,
  PRIMARY KEY (break, number)
) STRICT, WITHOUT ROWID;
