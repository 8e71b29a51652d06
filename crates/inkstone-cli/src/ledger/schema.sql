-- One row an order: a request of a caller, and what became of it.
CREATE TABLE orders (
    seq        INTEGER PRIMARY KEY,
    caller     TEXT NOT NULL,
    key        TEXT,                -- the caller's own id of it, unique among its orders
    hash       TEXT NOT NULL,       -- of API, document and body
    attempt    INTEGER NOT NULL,    -- the latest attempt of the caller that it was given to
    state      TEXT NOT NULL,       -- sending, done, unknown, refused
    delivered  INTEGER NOT NULL DEFAULT 0,  -- whether a caller has had the whole answer
    time       INTEGER NOT NULL,    -- when it came, in seconds since 1970
    api        TEXT NOT NULL,
    document   TEXT NOT NULL,
    model      TEXT NOT NULL,
    request    TEXT NOT NULL,       -- as JSON, without the bytes of pictures
    images     INTEGER NOT NULL,    -- how many count as paid for
    cost       INTEGER,             -- what they cost, in millionths; NULL: not known
    currency   TEXT NOT NULL,
    task_id    TEXT,                -- the task that does it
    answer     TEXT,                -- as JSON; NULL while it is sent
    reply      TEXT,                -- what came, as JSON, until all its pictures are saved
    stem       TEXT,                -- what the names of its files begin with, as nobody else's
    answered   INTEGER,             -- when it was answered last; NULL while it is sent
    retention  TEXT                 -- what of it stays: day, pictures, order; NULL: not known
);

CREATE UNIQUE INDEX orders_by_key ON orders (caller, key) WHERE key IS NOT NULL;
CREATE INDEX orders_by_hash ON orders (caller, hash, time);
CREATE INDEX orders_by_state ON orders (state, time);
CREATE INDEX orders_by_answer ON orders (answered) WHERE retention IS NOT 'order';
CREATE INDEX orders_by_task ON orders (task_id) WHERE task_id IS NOT NULL;

-- What callers have spent, rows of orders that are gone among it.
CREATE TABLE accounts (
    caller     TEXT NOT NULL,
    currency   TEXT NOT NULL,
    images     INTEGER NOT NULL,
    cost       INTEGER NOT NULL,
    unpriced   INTEGER NOT NULL,    -- pictures at unknown cost
    PRIMARY KEY (caller, currency)
) WITHOUT ROWID;

-- One row: whether a sandbox stands in for the APIs.
CREATE TABLE ledger (sandbox INTEGER);  -- NULL: not known
INSERT INTO ledger VALUES (NULL);

PRAGMA user_version = 4;
