-- The shared journal of a batch. A job's state is what its result is; who has it is beside it:
-- a job that is 'queued' and has a worker with a lease is claimed, and nothing of it was sent.
--
-- Every function is one transaction of its own, and needs no session: a pooler may send each
-- to another connection. Rows are locked in one order: job, limit, batch.

-- One row.
CREATE TABLE batch (
    is_only     boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    id          text NOT NULL DEFAULT md5(random()::text || clock_timestamp()::text),
    out         text NOT NULL,      -- where pictures go; never with a key
    control     text NOT NULL DEFAULT 'running'
                CHECK (control IN ('running', 'paused', 'cancelled')),
    uploads     boolean NOT NULL DEFAULT false,
    sandbox     boolean NOT NULL DEFAULT false,
    max_images  bigint,
    max_cost    bigint,             -- in millionths
    images      bigint NOT NULL DEFAULT 0,  -- paid for or reserved, by all jobs together
    cost        bigint NOT NULL DEFAULT 0
);

-- What an account may send: one row for each account, API, region and model that has jobs.
CREATE TABLE limits (
    scope       text PRIMARY KEY,
    account     text NOT NULL,
    api         text NOT NULL,
    model       text NOT NULL,
    every       interval,           -- between two requests; NULL: no limit
    burst       interval NOT NULL DEFAULT '0',  -- how far ahead of that requests may run
    concurrent  integer,            -- how many at a time; NULL: no limit
    next        timestamptz NOT NULL DEFAULT '-infinity'  -- GCRA's theoretical arrival time
);

CREATE TABLE jobs (
    seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          text NOT NULL UNIQUE,
    stem        text NOT NULL,
    line        bigint,
    "offset"    bigint NOT NULL,
    length      bigint NOT NULL,
    hash        text NOT NULL,
    api         text NOT NULL,
    document    text NOT NULL,
    model       text NOT NULL,
    request     text NOT NULL,      -- without the bytes of pictures; all of it is in bodies
    worst       bigint NOT NULL,
    price       bigint,
    inputs      bigint,
    currency    text,
    state       text NOT NULL DEFAULT 'queued',
    lost        bigint NOT NULL DEFAULT 0,
    lost_attempts bigint NOT NULL DEFAULT 0,
    made        bigint NOT NULL DEFAULT 0,
    time        text,
    stage       text,
    status      integer,
    code        text,
    request_id  text,
    message     text,
    reply       bytea,
    reply_file  text,
    task_id     text,
    unmade      text,
    scope       text NOT NULL REFERENCES limits (scope),
    account     text NOT NULL,
    worker      text,               -- who has it; NULL: nobody
    lease       timestamptz,        -- until when, by this database's clock
    fence       bigint NOT NULL DEFAULT 0,  -- counts the claims: a result is for one of them
    held_images bigint NOT NULL DEFAULT 0,  -- its part of batch.images and batch.cost
    held_cost   bigint NOT NULL DEFAULT 0,
    tries       integer NOT NULL DEFAULT 0, -- how often it was held up since it was resumed
    not_before  timestamptz NOT NULL DEFAULT '-infinity',
    -- The order of claims: seq again, in a column that no other index has. By seq itself the
    -- planner would rather walk the primary key, past all jobs that are done.
    turn        bigint NOT NULL GENERATED ALWAYS AS (seq) STORED
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_cost_delay = 0);

-- A claim looks at the first row of one of these, however many there are.
CREATE INDEX jobs_queued ON jobs (scope, turn) WHERE state = 'queued' AND worker IS NULL;
CREATE INDEX jobs_paid ON jobs (state, turn)
    WHERE state IN ('replied', 'waiting') AND worker IS NULL;
CREATE INDEX jobs_held ON jobs (scope, lease) WHERE worker IS NOT NULL;
CREATE INDEX jobs_listed ON jobs (seq)
    WHERE state NOT IN ('done', 'queued') OR unmade IS NOT NULL;

-- The whole request of a job, as JSON.
CREATE TABLE bodies (
    job         bigint PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE,
    body        bytea NOT NULL
);

-- The pictures of a job, which are in the store, and whole.
CREATE TABLE pictures (
    job         bigint NOT NULL REFERENCES jobs (seq),
    number      integer NOT NULL,
    file        text NOT NULL,
    length      bigint NOT NULL,
    sha256      text NOT NULL,
    PRIMARY KEY (job, number)
);

-- What came for a claim that somebody else had followed: paid for, so it is never dropped.
CREATE TABLE late (
    job         bigint NOT NULL REFERENCES jobs (seq),
    fence       bigint NOT NULL,
    state       text NOT NULL,
    event       jsonb NOT NULL,
    reply       bytea,
    came        timestamptz NOT NULL DEFAULT now(),
    adopted     boolean NOT NULL DEFAULT false,  -- whether the job has it now
    PRIMARY KEY (job, fence, state)
);


-- What so many pictures of a job count as in the budget.
CREATE FUNCTION job_cost(p_job jobs, p_images bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_images = 0 THEN 0
        ELSE coalesce(p_job.price, 0) * p_images + coalesce(p_job.inputs, 0) END
$$;

-- A commit that returns is on the disk, whatever the server or the role has as its default.
CREATE FUNCTION durable() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
END
$$;

-- Gives free what nobody has any more: by a lapsed lease, or because p_worker leaves. What was
-- claimed is free again. What was being sent is unknown, and never free: it may be billed.
CREATE FUNCTION job_sweep(p_worker text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_images bigint;
    v_cost bigint;
    v_swept bigint;
    v_seq bigint;
BEGIN
    PERFORM durable();
    WITH lapsed AS (
        SELECT * FROM jobs
        WHERE worker IS NOT NULL AND (lease < clock_timestamp() OR worker = p_worker)
        FOR UPDATE SKIP LOCKED
    ), swept AS (
        UPDATE jobs SET worker = NULL, lease = NULL,
            state = CASE jobs.state WHEN 'submitting' THEN 'unknown' ELSE jobs.state END,
            stage = CASE jobs.state WHEN 'submitting' THEN 'interrupted' ELSE jobs.stage END,
            message = CASE jobs.state WHEN 'submitting' THEN
                'the worker ended while the request was being sent; it may have been billed'
                ELSE jobs.message END,
            held_images = CASE jobs.state WHEN 'queued' THEN 0 ELSE jobs.held_images END,
            held_cost = CASE jobs.state WHEN 'queued' THEN 0 ELSE jobs.held_cost END
        FROM lapsed WHERE jobs.seq = lapsed.seq
        RETURNING lapsed.state, lapsed.held_images, lapsed.held_cost
    )
    SELECT count(*), coalesce(sum(held_images) FILTER (WHERE state = 'queued'), 0),
        coalesce(sum(held_cost) FILTER (WHERE state = 'queued'), 0)
    INTO v_swept, v_images, v_cost FROM swept;
    IF v_images <> 0 OR v_cost <> 0 THEN
        UPDATE batch SET images = images - v_images, cost = cost - v_cost;
    END IF;
    -- What came late for one that is unknown now is its result.
    FOR v_seq IN SELECT jobs.seq FROM jobs
        WHERE state = 'unknown' AND worker IS NULL AND seq IN (SELECT late.job FROM late
            WHERE NOT adopted AND late.state IN ('replied', 'waiting'))
        FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM job_reconcile(v_seq);
    END LOOP;
    RETURN v_swept;
END
$$;

-- Whether a request of this scope may be sent now. Takes the turn, by GCRA in one statement.
CREATE FUNCTION limit_take(p_scope text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_concurrent integer;
    v_running bigint;
BEGIN
    UPDATE limits SET next = greatest(next, clock_timestamp()) + coalesce(every, '0')
        WHERE scope = p_scope AND (every IS NULL OR next - burst <= clock_timestamp())
        RETURNING concurrent INTO v_concurrent;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF v_concurrent IS NULL THEN
        RETURN true;
    END IF;
    SELECT count(*) INTO v_running FROM (
        SELECT FROM jobs WHERE scope = p_scope AND worker IS NOT NULL AND state <> 'replied'
        UNION ALL
        SELECT FROM jobs WHERE scope = p_scope AND worker IS NULL AND state = 'waiting'
    ) running;
    IF v_running < v_concurrent THEN
        RETURN true;
    END IF;
    UPDATE limits SET next = next - coalesce(every, '0') WHERE scope = p_scope;
    RETURN false;
END
$$;

-- Reserves the most that a job may cost; false if that would exceed the budget.
CREATE FUNCTION budget_take(p_images bigint, p_cost bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE batch SET images = images + p_images, cost = cost + p_cost
        WHERE images + p_images <= coalesce(max_images, images + p_images)
        AND cost + p_cost <= coalesce(max_cost, cost + p_cost);
    RETURN FOUND;
END
$$;

-- The next job for p_worker, under a lease and a new fencing number. First the replies whose
-- pictures are missing, then running tasks, then the requests to be sent. The verdict is
-- 'job', 'wait' (seconds), 'paused', 'budget' or 'finished'.
CREATE FUNCTION job_claim(p_worker text, p_lease interval, p_accounts text[])
RETURNS TABLE (verdict text, seconds double precision, job jsonb, body bytea)
LANGUAGE plpgsql AS $$
DECLARE
    v_batch batch;
    v_limit limits;
    v_job jobs;
    v_until timestamptz;
    v_cost bigint;
    v_refused boolean := false;
BEGIN
    PERFORM durable();
    SELECT * INTO v_batch FROM batch;
    IF v_batch.control = 'paused' THEN
        RETURN QUERY SELECT 'paused', 1.0::double precision, NULL::jsonb, NULL::bytea;
        RETURN;
    END IF;
    FOR v_job IN SELECT * FROM jobs WHERE state IN ('replied', 'waiting') AND worker IS NULL
            AND not_before <= clock_timestamp() AND tries < 6 AND account = ANY (p_accounts)
        ORDER BY state, turn LIMIT 1 FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE jobs SET worker = p_worker, lease = clock_timestamp() + p_lease,
            fence = fence + 1 WHERE seq = v_job.seq RETURNING * INTO v_job;
        RETURN QUERY SELECT 'job', 0.0::double precision,
            to_jsonb(v_job) - 'reply', NULL::bytea;
        RETURN;
    END LOOP;
    IF v_batch.control = 'running' THEN
        -- In the order of the jobs, as far as the limits allow.
        FOR v_limit IN SELECT limits.* FROM limits CROSS JOIN LATERAL (
                SELECT turn FROM jobs WHERE jobs.scope = limits.scope AND state = 'queued'
                    AND worker IS NULL ORDER BY turn LIMIT 1
            ) earliest
            WHERE account = ANY (p_accounts) ORDER BY earliest.turn
        LOOP
            SELECT * INTO v_job FROM jobs
                WHERE scope = v_limit.scope AND state = 'queued' AND worker IS NULL
                ORDER BY turn LIMIT 1 FOR UPDATE SKIP LOCKED;
            CONTINUE WHEN NOT FOUND;
            IF (v_limit.every IS NOT NULL OR v_limit.concurrent IS NOT NULL)
                AND NOT limit_take(v_limit.scope) THEN
                SELECT least(v_until, greatest(next - burst,
                    clock_timestamp() + '0.02'::interval))
                    INTO v_until FROM limits WHERE scope = v_limit.scope;
                CONTINUE;
            END IF;
            v_cost := job_cost(v_job, v_job.worst);
            IF v_batch.max_images IS NOT NULL OR v_batch.max_cost IS NOT NULL THEN
                IF NOT budget_take(v_job.worst, v_cost) THEN
                    UPDATE limits SET next = next - coalesce(every, '0')
                        WHERE scope = v_limit.scope AND every IS NOT NULL;
                    v_refused := true;
                    EXIT;
                END IF;
            ELSE
                v_job.worst := 0;
                v_cost := 0;
            END IF;
            UPDATE jobs SET worker = p_worker, lease = clock_timestamp() + p_lease,
                fence = fence + 1, held_images = v_job.worst, held_cost = v_cost
                WHERE seq = v_job.seq RETURNING * INTO v_job;
            RETURN QUERY SELECT 'job', 0.0::double precision, to_jsonb(v_job) - 'reply',
                (SELECT bodies.body FROM bodies WHERE bodies.job = v_job.seq);
            RETURN;
        END LOOP;
    END IF;
    RETURN QUERY SELECT job_idle(v_batch.control, v_refused, v_until, p_accounts),
        coalesce(least(1.0, greatest(0.005, extract(epoch FROM v_until - clock_timestamp()))),
            0.25)::double precision, NULL::jsonb, NULL::bytea;
END
$$;

-- What it means that no job can be claimed now.
CREATE FUNCTION job_idle(p_control text, p_refused boolean, p_until timestamptz,
    p_accounts text[]) RETURNS text LANGUAGE sql AS $$
    SELECT CASE
        WHEN p_until IS NOT NULL THEN 'wait'
        -- Somebody has a job, which may end, or lapse and be free again.
        WHEN EXISTS (SELECT FROM jobs WHERE worker IS NOT NULL) THEN 'wait'
        WHEN p_refused THEN 'budget'
        WHEN EXISTS (SELECT FROM jobs WHERE state
            IN ('replied', 'waiting') AND worker IS NULL AND tries < 6
            AND account = ANY (p_accounts)) THEN 'wait'
        WHEN p_control = 'running' AND EXISTS (SELECT FROM jobs
            WHERE state = 'queued' AND worker IS NULL AND account = ANY (p_accounts))
            THEN 'wait'
        ELSE 'finished' END
$$;

-- The request of a claimed job is about to be sent; false where the claim is no longer valid,
-- so that it must not be. May be asked again when no answer came.
CREATE FUNCTION job_begin(p_seq bigint, p_fence bigint, p_worker text, p_lease interval,
    p_time text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM durable();
    UPDATE jobs SET state = 'submitting', time = p_time,
        lease = clock_timestamp() + p_lease, stage = NULL, status = NULL, code = NULL,
        request_id = NULL, message = NULL, task_id = NULL, unmade = NULL
        WHERE seq = p_seq AND fence = p_fence AND worker = p_worker AND state = 'queued';
    RETURN FOUND OR EXISTS (SELECT FROM jobs WHERE seq = p_seq AND fence = p_fence
        AND worker = p_worker AND state = 'submitting');
END
$$;

-- Gives a job, whose row is locked, its new state.
CREATE FUNCTION job_apply(p_job jobs, p_state text, p_event jsonb, p_reply bytea,
    p_worker text, p_lease interval) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_made bigint := coalesce((p_event ->> 'made')::bigint, p_job.made);
    v_images bigint;
    v_cost bigint;
    v_is_final boolean := p_state NOT IN ('waiting', 'replied');
BEGIN
    UPDATE jobs SET state = p_state, made = v_made,
        worker = CASE WHEN NOT v_is_final THEN p_worker END,
        lease = CASE WHEN NOT v_is_final AND p_worker IS NOT NULL
            THEN clock_timestamp() + p_lease END,
        time = coalesce(p_event ->> 'time', time),
        stage = p_event ->> 'stage',
        status = (p_event ->> 'status')::integer,
        code = p_event ->> 'code',
        request_id = coalesce(p_event ->> 'request_id', request_id),
        message = p_event ->> 'message',
        task_id = coalesce(p_event ->> 'task_id', task_id),
        unmade = coalesce(p_event ->> 'unmade', unmade),
        reply = CASE p_state WHEN 'done' THEN NULL ELSE coalesce(p_reply, reply) END,
        reply_file = CASE p_state WHEN 'done' THEN p_event ->> 'reply_file'
            ELSE coalesce(p_event ->> 'reply_file', reply_file) END
        WHERE seq = p_job.seq;
    INSERT INTO pictures (job, number, file, length, sha256)
        SELECT p_job.seq, number, file, length, sha256
        FROM jsonb_to_recordset(coalesce(p_event -> 'pictures', '[]'))
            AS of_event (number integer, file text, length bigint, sha256 text)
        ON CONFLICT (job, number) DO NOTHING;
    IF NOT EXISTS (SELECT FROM batch WHERE max_images IS NOT NULL OR max_cost IS NOT NULL) THEN
        RETURN;
    END IF;
    v_images := CASE WHEN p_state IN ('replied', 'done') THEN v_made
        WHEN p_state IN ('waiting', 'unknown') THEN p_job.worst ELSE 0 END;
    v_cost := job_cost(p_job, v_images);
    UPDATE jobs SET held_images = v_images, held_cost = v_cost WHERE seq = p_job.seq;
    UPDATE batch SET images = images + v_images - p_job.held_images,
        cost = cost + v_cost - p_job.held_cost
        WHERE v_images <> p_job.held_images OR v_cost <> p_job.held_cost;
END
$$;

-- Gives a job, whose row is locked, what came late for it, unless it has a result or might get
-- one: what was paid for once need not be paid for again.
CREATE FUNCTION job_reconcile(p_seq bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_job jobs;
    v_late late;
BEGIN
    SELECT * INTO v_job FROM jobs WHERE seq = p_seq;
    IF v_job.state NOT IN ('queued', 'unsent', 'refused', 'unknown') THEN
        RETURN;
    END IF;
    SELECT * INTO v_late FROM late WHERE job = p_seq AND NOT adopted
        AND state IN ('replied', 'waiting') ORDER BY state, fence DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE late SET adopted = true WHERE job = p_seq AND fence = v_late.fence
        AND state = v_late.state;
    PERFORM job_apply(v_job, v_late.state, v_late.event, v_late.reply, NULL, NULL);
    -- Whoever claimed the job since can't send it any more.
    UPDATE jobs SET fence = fence + 1 WHERE seq = p_seq;
    IF v_job.state <> 'unknown' AND v_job.lost_attempts > 0 THEN
        -- What may have been lost is here.
        UPDATE jobs SET lost = greatest(lost - worst, 0), lost_attempts = lost_attempts - 1
            WHERE seq = p_seq;
        UPDATE batch SET images = images - v_job.worst,
            cost = cost - job_cost(v_job, v_job.worst)
            WHERE max_images IS NOT NULL OR max_cost IS NOT NULL;
    END IF;
END
$$;

-- What became of a job under a claim. 'here': it is noted, or was before, when no answer came.
-- 'beside': the job has been claimed again since, and what came is kept beside it.
CREATE FUNCTION job_note(p_seq bigint, p_fence bigint, p_worker text, p_lease interval,
    p_state text, p_event jsonb, p_reply bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_job jobs;
BEGIN
    PERFORM durable();
    SELECT * INTO STRICT v_job FROM jobs WHERE seq = p_seq FOR UPDATE;
    IF v_job.fence <> p_fence THEN
        INSERT INTO late (job, fence, state, event, reply)
            VALUES (p_seq, p_fence, p_state, p_event, p_reply) ON CONFLICT DO NOTHING;
        -- A task makes its pictures once, whoever waits for it.
        UPDATE late SET adopted = true WHERE job = p_seq AND fence = p_fence
            AND event ->> 'task_id' IS NOT DISTINCT FROM v_job.task_id
            AND v_job.task_id IS NOT NULL;
        PERFORM job_reconcile(p_seq);
        RETURN 'beside';
    END IF;
    IF (p_state = 'waiting' AND v_job.state IN ('submitting', 'unknown'))
        OR (p_state = 'replied' AND v_job.state IN ('submitting', 'waiting', 'unknown'))
        OR (p_state = 'done' AND v_job.state = 'replied')
        OR (p_state IN ('refused', 'unsent', 'unknown')
            AND v_job.state IN ('queued', 'submitting', 'waiting', 'unknown')) THEN
        PERFORM job_apply(v_job, p_state, p_event, p_reply, p_worker, p_lease);
        PERFORM job_reconcile(p_seq);
    END IF;
    RETURN 'here';
END
$$;

-- A claimed job can't go on for now: its state stays, and it is free after a while.
CREATE FUNCTION job_held_up(p_seq bigint, p_fence bigint, p_stage text, p_message text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM durable();
    UPDATE jobs SET stage = p_stage, message = p_message, worker = NULL, lease = NULL,
        tries = tries + 1,
        not_before = clock_timestamp() + '1 second'::interval * least(power(2, tries), 60)
        WHERE seq = p_seq AND fence = p_fence AND state IN ('waiting', 'replied');
END
$$;

-- Sets the budget, and counts what was spent or is reserved. The batch's row is locked last,
-- as everywhere: workers go on meanwhile.
CREATE FUNCTION budget_set(p_max_images bigint, p_max_cost bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_max_images IS NOT NULL OR p_max_cost IS NOT NULL THEN
        -- Nobody may change a job while all are counted.
        LOCK TABLE jobs IN SHARE ROW EXCLUSIVE MODE;
        UPDATE jobs SET held_images = counted.images, held_cost = job_cost(jobs, counted.images)
            FROM (SELECT seq, CASE
                WHEN state IN ('done', 'replied') THEN made
                WHEN state IN ('unknown', 'submitting', 'waiting') THEN worst
                WHEN state = 'queued' AND worker IS NOT NULL THEN worst
                ELSE 0 END AS images FROM jobs) counted
            WHERE jobs.seq = counted.seq AND (held_images <> counted.images
                OR held_cost <> job_cost(jobs, counted.images));
        UPDATE batch SET max_images = p_max_images, max_cost = p_max_cost,
            images = (SELECT coalesce(sum(held_images + lost), 0) FROM jobs),
            cost = (SELECT coalesce(sum(held_cost + lost * coalesce(price, 0)
                + lost_attempts * coalesce(inputs, 0)), 0) FROM jobs);
    ELSE
        UPDATE batch SET max_images = NULL, max_cost = NULL;
    END IF;
END
$$;
