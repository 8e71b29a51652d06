-- Tasks whose ids never came are looked for in the API's list, by when their requests were sent.

-- When the request was last about to be sent, by this database's clock.
ALTER TABLE jobs ADD COLUMN sent timestamptz;

CREATE INDEX jobs_tasks ON jobs (task_id) WHERE task_id IS NOT NULL;
-- Jobs that were sent again without being known to be lost: a task may be of the earlier request.
CREATE INDEX jobs_resent ON jobs (seq) WHERE lost_attempts > 0;
CREATE INDEX late_tasks ON late ((event ->> 'task_id')) WHERE event ->> 'task_id' IS NOT NULL;

CREATE OR REPLACE FUNCTION job_begin(p_seq bigint, p_fence bigint, p_worker text,
    p_lease interval, p_time text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM durable();
    UPDATE jobs SET state = 'submitting', time = p_time, sent = clock_timestamp(),
        lease = clock_timestamp() + p_lease, stage = NULL, status = NULL, code = NULL,
        request_id = NULL, message = NULL, task_id = NULL, unmade = NULL
        WHERE seq = p_seq AND fence = p_fence AND worker = p_worker AND state = 'queued';
    RETURN FOUND OR EXISTS (SELECT FROM jobs WHERE seq = p_seq AND fence = p_fence
        AND worker = p_worker AND state = 'submitting');
END
$$;

-- Which of these tasks are known to be of a job.
CREATE FUNCTION tasks_known(p_tasks text[]) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT task_id FROM jobs WHERE task_id = ANY (p_tasks)
    UNION
    SELECT event ->> 'task_id' FROM late WHERE event ->> 'task_id' = ANY (p_tasks)
$$;

-- Gives an unknown job the task that was found for it, which was submitted at p_submitted.
-- False where somebody else may have that task by now: another job has it, or is one that
-- p_considered lacks and was sent about then.
CREATE FUNCTION job_found(p_seq bigint, p_task text, p_submitted timestamptz,
    p_slack interval, p_considered bigint[]) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    v_job jobs;
BEGIN
    PERFORM durable();
    -- Two workers may have found the same task, for different jobs.
    PERFORM pg_advisory_xact_lock(hashtext('inkstone tasks'));
    SELECT * INTO v_job FROM jobs WHERE seq = p_seq FOR UPDATE;
    IF v_job.state IS DISTINCT FROM 'unknown' OR v_job.worker IS NOT NULL
        OR v_job.task_id IS NOT NULL OR EXISTS (SELECT FROM tasks_known(ARRAY[p_task]))
        OR EXISTS (SELECT FROM jobs WHERE state IN ('submitting', 'unknown')
            AND scope = v_job.scope AND task_id IS NULL AND sent - p_slack <= p_submitted
            AND seq <> ALL (p_considered)) THEN
        RETURN false;
    END IF;
    PERFORM job_apply(v_job, 'waiting', jsonb_build_object('task_id', p_task), NULL, NULL, NULL);
    -- What still comes for the earlier claim is kept beside, should it be of another task.
    UPDATE jobs SET fence = fence + 1, tries = 0, not_before = '-infinity' WHERE seq = p_seq;
    RETURN true;
END
$$;

-- Has unknown jobs sent again. What they may have cost stays spent.
CREATE FUNCTION unknown_retry() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM durable();
    UPDATE jobs SET state = 'queued', fence = fence + 1, lost = lost + worst,
        lost_attempts = lost_attempts + 1, held_images = 0, held_cost = 0
        WHERE state = 'unknown' AND worker IS NULL;
END
$$;
