-- One row a job. What became of it is in state (see state.rs) and the columns
-- below it.
CREATE TABLE jobs (
    seq         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    stem        TEXT NOT NULL,  -- the name of its files, without ending
    line        INTEGER,        -- where it is in the jobs file; NULL: no longer there
    offset      INTEGER NOT NULL,
    length      INTEGER NOT NULL,
    hash        TEXT NOT NULL,  -- of API and request: another one is another job
    api         TEXT NOT NULL,
    document    TEXT NOT NULL,
    model       TEXT NOT NULL,
    request     TEXT NOT NULL,  -- as JSON, without the bytes of pictures
    worst       INTEGER NOT NULL,  -- the most pictures that it may make
    price       INTEGER,        -- of a picture, in millionths; NULL: not known
    inputs      INTEGER,        -- of all pictures that it brings along, in millionths
    currency    TEXT,
    state       TEXT NOT NULL DEFAULT 'queued',
    lost        INTEGER NOT NULL DEFAULT 0,  -- what earlier attempts may have made
    lost_attempts INTEGER NOT NULL DEFAULT 0,  -- how many these attempts are
    made        INTEGER NOT NULL DEFAULT 0,  -- how many pictures its reply counts as
    time        TEXT,           -- when it was last sent
    stage       TEXT,           -- where it failed
    status      INTEGER,
    code        TEXT,
    request_id  TEXT,
    message     TEXT,
    reply       TEXT,           -- the reply, if it is short text
    reply_file  TEXT,           -- the file with it otherwise
    task_id     TEXT,           -- the task that does it
    unmade      TEXT            -- why there are fewer pictures than were asked for
);

CREATE INDEX jobs_by_state ON jobs (state, seq);

-- One row a picture that has a name, from before it gets it.
CREATE TABLE pictures (
    job     INTEGER NOT NULL REFERENCES jobs (seq),
    number  INTEGER NOT NULL,   -- its place in the reply, from 0
    file    TEXT NOT NULL,
    taken   TEXT NOT NULL UNIQUE,  -- the name in small letters, as some disks see it
    saved   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (job, number)
) WITHOUT ROWID;

-- One row: which batch this is, and how many changes its jobs have seen; batch.id beside the
-- journal has both as well. Whether a sandbox stands in for the APIs. And where another journal
-- goes on with the batch, if one does.
CREATE TABLE batch (
    id      TEXT NOT NULL,
    changes INTEGER NOT NULL,
    sandbox INTEGER,  -- NULL: not known
    continued TEXT    -- the directory of that journal
);

INSERT INTO batch (id, changes) VALUES (lower(hex(randomblob(16))), 0);

PRAGMA user_version = 6;
