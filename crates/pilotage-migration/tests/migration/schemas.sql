-- What the statements of the corpus find. All of them find this, and one of the schemas below it.
CREATE TABLE b (id bigint PRIMARY KEY);
INSERT INTO b SELECT generate_series(1, 100);
CREATE SEQUENCE a_seq;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE pair AS (a int, b int);
CREATE DOMAIN email AS text;
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end';
CREATE FUNCTION my_default() RETURNS text LANGUAGE plpgsql AS 'begin return random(); end';
CREATE FUNCTION now_and_then() RETURNS text LANGUAGE plpgsql AS 'begin return random(); end';
CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE plpgsql AS 'begin return gen_random_uuid(); end';
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'select 1';

-- schema without_a
-- schema without_b
CREATE TABLE a (id bigint, name text, email text, n int DEFAULT 1, b_id bigint DEFAULT 1, during tsrange, owner text);
INSERT INTO a SELECT g, 'x', g::text FROM generate_series(1, 100) g;
CREATE UNIQUE INDEX a_email_idx ON a (email);
CREATE UNIQUE INDEX a_id_idx ON a (id);
CREATE TABLE "order" (id int);
INSERT INTO "order" VALUES (1);
CREATE TYPE kind AS (id bigint, name text, email text, n int, b_id bigint, during tsrange, owner text);

-- schema with_numbers
CREATE TABLE a (id bigint PRIMARY KEY, name text, n int DEFAULT 1, b int, c int, e email);
INSERT INTO a SELECT g, 'x', 1, g, g, 'e' FROM generate_series(1, 100) g;
CREATE INDEX a_b_idx ON a (b);
ALTER TABLE a ADD CONSTRAINT x CHECK (id > 0);
CREATE VIEW v AS SELECT id FROM a;
CREATE TRIGGER audit AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION audit();
CREATE TABLE parent (id bigint NOT NULL);
CREATE SEQUENCE a_id_seq;

-- schema with_texts
CREATE TABLE a (id bigint NOT NULL, name text, n int DEFAULT 1, b_id bigint DEFAULT 1, b text, c int);
INSERT INTO a SELECT g, 'x', 1, 1, g::text, g FROM generate_series(1, 100) g;
CREATE INDEX a_b_idx ON a (b);
CREATE MATERIALIZED VIEW v AS SELECT id FROM a;
CREATE UNIQUE INDEX v_id ON v (id);
ALTER TABLE a ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;
ALTER TABLE a ADD CONSTRAINT b_fk FOREIGN KEY (b_id) REFERENCES b (id);

-- schema with_times
CREATE TABLE a (id bigint, b timestamp, name text);
INSERT INTO a SELECT g, now(), 'x' FROM generate_series(1, 100) g;

-- schema with_identity
CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, b text GENERATED ALWAYS AS (lower(name)) STORED);
INSERT INTO a (name) SELECT 'x' FROM generate_series(1, 100);

-- schema with_json
CREATE TABLE a (name text, b jsonb);
INSERT INTO a SELECT 'x', '{}' FROM generate_series(1, 100);

-- schema with_partitions
CREATE TABLE a (at timestamptz, id bigint) PARTITION BY RANGE (at);
CREATE TABLE a_rest PARTITION OF a DEFAULT;
INSERT INTO a SELECT '2020-01-01', g FROM generate_series(1, 100) g;

-- schema with_a_part_apart
CREATE TABLE a (at timestamptz, id bigint) PARTITION BY RANGE (at);
CREATE TABLE a_2026 (at timestamptz, id bigint);
INSERT INTO a_2026 SELECT '2026-03-01', g FROM generate_series(1, 100) g;

-- schema with_a_part
CREATE TABLE a (at timestamptz, id bigint) PARTITION BY RANGE (at);
CREATE TABLE a_2026 PARTITION OF a FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO a SELECT '2026-03-01', g FROM generate_series(1, 100) g;

-- schema unlogged
CREATE UNLOGGED TABLE a (id bigint);
INSERT INTO a SELECT generate_series(1, 100);

-- schema with_nothing_in_it
CREATE TABLE a (id bigint, name text);
CREATE TABLE c (id bigint);
