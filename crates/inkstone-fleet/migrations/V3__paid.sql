-- Unknown jobs are sent again only where their tasks were looked for before, and what was paid for
-- is noted whatever the database knows of it.

-- Who upgrades at the same time waits here.
LOCK TABLE batch IN SHARE ROW EXCLUSIVE MODE;

DROP FUNCTION unknown_retry();

-- Has these unknown jobs sent again, each as it was under this fencing number: one that was sent
-- since, and is unknown once more, is another matter. What they may have cost stays spent.
CREATE FUNCTION unknown_retry(p_seqs bigint[], p_fences bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM durable();
    UPDATE jobs SET state = 'queued', fence = jobs.fence + 1, lost = lost + worst,
        lost_attempts = lost_attempts + 1, held_images = 0, held_cost = 0
        FROM unnest(p_seqs, p_fences) AS told (seq, fence)
        WHERE jobs.seq = told.seq AND jobs.fence = told.fence
            AND state = 'unknown' AND worker IS NULL;
END
$$;

-- Has the tasks of unknown jobs of these accounts asked about again, for the day that an API knows a
-- task: it may have been another that was asked, or have known no more for a moment.
CREATE FUNCTION unknown_ask(p_accounts text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM durable();
    UPDATE jobs SET state = 'waiting', tries = 0, not_before = '-infinity'
        WHERE state = 'unknown' AND worker IS NULL AND task_id IS NOT NULL
            AND account = ANY (p_accounts) AND sent > clock_timestamp() - interval '1 day';
END
$$;

-- What became of a job under a claim. 'here': it is noted, or was before, when no answer came.
-- 'beside': the job has been claimed again since, and what came is kept beside it.
CREATE OR REPLACE FUNCTION job_note(p_seq bigint, p_fence bigint, p_worker text, p_lease interval,
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
    -- One that counts as queued was sent all the same, where a failover lost that.
    IF (p_state = 'waiting' AND v_job.state IN ('queued', 'submitting', 'unknown'))
        OR (p_state = 'replied' AND v_job.state IN ('queued', 'submitting', 'waiting', 'unknown'))
        OR (p_state = 'done' AND v_job.state = 'replied')
        OR (p_state IN ('refused', 'unsent', 'unknown')
            AND v_job.state IN ('queued', 'submitting', 'waiting', 'unknown')) THEN
        PERFORM job_apply(v_job, p_state, p_event, p_reply, p_worker, p_lease);
        PERFORM job_reconcile(p_seq);
    END IF;
    RETURN 'here';
END
$$;
