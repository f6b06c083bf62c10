-- safe: a new table is known to nobody
CREATE TABLE a (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(50) NOT NULL) ENGINE=InnoDB;

-- safe: with keys, a foreign key and partitions, while it is empty
CREATE TABLE a (id int, b_id int, KEY k (b_id), CONSTRAINT f FOREIGN KEY (b_id) REFERENCES b (id)) COMMENT='x;y';

-- safe: IF NOT EXISTS changes nothing that exists
CREATE TABLE IF NOT EXISTS `a` (`id` int);

-- safe: an empty copy of a definition
CREATE TABLE a LIKE b;

-- care: as many rows as the query finds
CREATE TABLE a AS SELECT * FROM b;

-- safe: temporary tables belong to the session
CREATE TEMPORARY TABLE a (id int);

-- breaks @ mariadb: drops the old one with its rows
CREATE OR REPLACE TABLE a (id int);

-- safe: a view that is new
CREATE VIEW v AS SELECT id FROM a;

-- care: readers of the name get other rows
CREATE OR REPLACE VIEW v AS SELECT id, name FROM a;

-- care: with all its attributes
CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`root`@`localhost` SQL SECURITY INVOKER VIEW v AS SELECT 1;

-- care: changes a view
ALTER VIEW v AS SELECT id FROM a;

-- safe @ mysql 8.0.12..8.0.28; mysql 8.0.32..9; mariadb: INSTANT at the end
ALTER TABLE a ADD COLUMN b int;

-- locks @ mysql 5.7..8.0.11: rebuilt, beside reads and writes, and replicas stand still
ALTER TABLE a ADD COLUMN b int;

-- care @ mysql 8.0.29..8.0.31: row versions of these can corrupt tables
ALTER TABLE a ADD COLUMN b int;

-- locks @ mysql 8.0.12..8.0.28: not at the end, so not INSTANT before 8.0.29
ALTER TABLE a ADD COLUMN b int AFTER id;

-- safe @ mysql 8.0.32..9; mariadb: INSTANT in any place
ALTER TABLE a ADD COLUMN b int FIRST;

-- safe @ mysql 8.0.32..9; mariadb: a literal default is INSTANT
ALTER TABLE a ADD COLUMN b varchar(20) NOT NULL DEFAULT 'x';

-- safe @ mysql 8.0.32..9; mariadb: the time is a constant of the statement
ALTER TABLE a ADD COLUMN b datetime NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- safe @ mysql 8.0.32..9; mariadb: with a precision, and set at updates
ALTER TABLE a ADD COLUMN b timestamp(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6);

-- safe @ mysql 8.0.32..9; mariadb: several at once, in brackets
ALTER TABLE a ADD COLUMN (b int, c varchar(10) DEFAULT 'x,y');

-- breaks @ mysql 8.0.12..9; mariadb: inserts of the old version fail in strict mode
ALTER TABLE a ADD COLUMN b int NOT NULL;

-- locks: an expression is computed for every row, by a copy
ALTER TABLE a ADD COLUMN b varchar(36) DEFAULT (uuid());

-- locks: numbers are given while nobody writes
ALTER TABLE a ADD COLUMN b int NOT NULL AUTO_INCREMENT UNIQUE;

-- locks: stored values are computed by a copy
ALTER TABLE a ADD COLUMN b int AS (c + 1) STORED;

-- locks @ mariadb: PERSISTENT is STORED in other words
ALTER TABLE a ADD COLUMN b int AS (c + 1) PERSISTENT;

-- safe @ mysql 8.0.32..9; mariadb: virtual values are computed when they are read
ALTER TABLE a ADD COLUMN b int GENERATED ALWAYS AS (c + 1) VIRTUAL;

-- locks @ mysql 8.0.16..9: a check is proven by a copy
ALTER TABLE a ADD COLUMN b int CHECK (b > 0);

-- safe @ mariadb: NULL satisfies the check of a new column, which is INSTANT (tried on 10.11)
ALTER TABLE a ADD COLUMN b int CHECK (b > 0);

-- form @ mysql 8.0.12..8: MySQL ignores a reference beside a column
ALTER TABLE a ADD COLUMN b_id int REFERENCES b (id);

-- locks, care @ mysql 9; mariadb: these honour it, and prove it by a copy (tried on MariaDB 10.11)
ALTER TABLE a ADD COLUMN b_id int REFERENCES b (id);

-- locks, care: a column and its index in one statement rebuild the table (tried on MariaDB 10.11)
ALTER TABLE a ADD COLUMN b int UNIQUE;

-- safe @ mysql 8.0.32..9; mariadb: it asks for what it gets
ALTER TABLE a ADD COLUMN b int, ALGORITHM=INSTANT;

-- form @ mysql 5.7..8.0.11: it asks for what the server does not have
ALTER TABLE a ADD COLUMN b int, ALGORITHM=INSTANT;

-- locks: it asks for a copy
ALTER TABLE a ADD COLUMN b int, ALGORITHM=COPY;

-- safe: the table is new in this file
CREATE TABLE a (id int);
ALTER TABLE a ADD COLUMN b varchar(36) DEFAULT (uuid());

-- breaks @ mysql 8.0.29..9; mariadb: the old version reads it
ALTER TABLE a DROP COLUMN b;

-- breaks @ mysql 8.0.29..9; mariadb: without the word COLUMN
ALTER TABLE a DROP b;

-- breaks, locks @ mysql 5.7..8.0.28: rebuilt before 8.0.29
ALTER TABLE `app`.`a` DROP COLUMN `b`;

-- breaks @ mysql 8.0.29..9; mariadb: one of several clauses
ALTER TABLE a ADD COLUMN c int, DROP COLUMN b;

-- breaks, locks: type, NULL and default may all change, and most changes copy
ALTER TABLE a MODIFY COLUMN b bigint NOT NULL;

-- breaks: it asks the server to refuse rather than copy, but the definition still changes
ALTER TABLE a MODIFY b varchar(200), ALGORITHM=INPLACE, LOCK=NONE;

-- breaks, locks: a new name and a new definition
ALTER TABLE a CHANGE b c int;

-- breaks, locks: the same name, a new definition
ALTER TABLE a CHANGE COLUMN b b varchar(10) CHARACTER SET utf8mb4;

-- breaks, locks: a new list of values
ALTER TABLE a MODIFY b enum('x', 'y', 'z');

-- breaks @ mysql 8.0.0..9; mariadb: the old version reads the old name
ALTER TABLE a RENAME COLUMN b TO c;

-- breaks: the old version reads the old name
ALTER TABLE a RENAME TO b;

-- breaks: AS says the same
ALTER TABLE a RENAME AS b;

-- breaks: without the word TO
ALTER TABLE a RENAME b;

-- breaks: both names change at once
RENAME TABLE a TO a_old, a_new TO a;

-- breaks: hints name it
ALTER TABLE a RENAME INDEX x TO y;

-- care: rows of the old version get the new value
ALTER TABLE a ALTER COLUMN b SET DEFAULT 5;

-- breaks: inserts of the old version leave it out
ALTER TABLE a ALTER b DROP DEFAULT;

-- care: built beside writes, but replicas lag
ALTER TABLE a ADD INDEX k (b);

-- safe: it asks the server to refuse rather than block
ALTER TABLE a ADD INDEX k (b), ALGORITHM=INPLACE, LOCK=NONE;

-- care: KEY is INDEX
ALTER TABLE a ADD KEY k (b, c DESC);

-- care: writes that repeat a value fail
ALTER TABLE a ADD UNIQUE KEY k (b);

-- care: with a name of the constraint
ALTER TABLE a ADD CONSTRAINT u UNIQUE (b);

-- locks: full-text indexes block writes
ALTER TABLE a ADD FULLTEXT INDEX k (b);

-- locks: spatial indexes block writes
ALTER TABLE a ADD SPATIAL INDEX k (b);

-- form: it asks for writes that the server does not have
ALTER TABLE a ADD FULLTEXT INDEX k (b), LOCK=NONE;

-- locks: it asks to block writes
ALTER TABLE a ADD INDEX k (b), LOCK=SHARED;

-- care: an index by its own statement
CREATE INDEX k ON a (b);

-- safe: it asks the server to refuse rather than block
CREATE INDEX k ON a (b) ALGORITHM=INPLACE LOCK=NONE;

-- care: writes that repeat a value fail
CREATE UNIQUE INDEX k ON a (b);

-- locks: full-text indexes block writes
CREATE FULLTEXT INDEX k ON a (b);

-- locks: it asks for a copy
CREATE INDEX k ON a (b) ALGORITHM=COPY;

-- safe: the table is new in this file
CREATE TABLE a (id int, b text);
CREATE FULLTEXT INDEX k ON a (b);

-- care: plans may change
ALTER TABLE a DROP INDEX k;

-- care: by its own statement
DROP INDEX k ON a;

-- care @ mysql 8.0.0..9: plans may change
ALTER TABLE a ALTER INDEX k INVISIBLE;

-- safe @ mysql 8.0.0..9: plans may only get better
ALTER TABLE a ALTER INDEX k VISIBLE;

-- care @ mariadb: MariaDB calls it ignored
ALTER TABLE a ALTER INDEX k IGNORED;

-- breaks, locks: the whole table is ordered again
ALTER TABLE a ADD PRIMARY KEY (id);

-- breaks, locks: without a key the table is copied
ALTER TABLE a DROP PRIMARY KEY;

-- breaks, locks: the whole table is ordered again
ALTER TABLE a DROP PRIMARY KEY, ADD PRIMARY KEY (id, b);

-- locks, care: proven by a copy
ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b_id) REFERENCES b (id) ON DELETE CASCADE;

-- locks: without a name
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id);

-- care: in place only with checks off, else the server refuses; new writes are checked
ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (b_id) REFERENCES b (id), ALGORITHM=INPLACE;

-- care: data may become inconsistent
ALTER TABLE a DROP FOREIGN KEY f;

-- locks @ mysql 8.0.16..9; mariadb: proven by a copy
ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0);

-- safe @ mysql 5.7..8.0.15: read and ignored
ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0);

-- care @ mysql 8.0.16..9; mariadb: loosens the data
ALTER TABLE a DROP CONSTRAINT c;

-- locks @ mysql 8.0.16..9: proven by a copy
ALTER TABLE a ALTER CHECK c ENFORCED;

-- breaks, locks: all data is converted by a copy
ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4;

-- safe: holds for columns to come
ALTER TABLE a DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- locks: even the same engine builds the table again
ALTER TABLE a ENGINE=InnoDB;

-- locks: builds the table again
ALTER TABLE a FORCE;

-- locks: builds the table again
ALTER TABLE a ROW_FORMAT=DYNAMIC;

-- locks: builds the table again
ALTER TABLE a KEY_BLOCK_SIZE=8;

-- locks: hidden behind an option that is harmless
ALTER TABLE a COMMENT='x' ROW_FORMAT=COMPRESSED;

-- safe: the next number only
ALTER TABLE a AUTO_INCREMENT=1000;

-- safe: a comment of the table
ALTER TABLE a COMMENT = 'accounts';

-- locks: copies the table
ALTER TABLE a ENCRYPTION='Y';

-- locks @ mysql: copies the table; MariaDB ignores it for InnoDB
ALTER TABLE a ORDER BY b;

-- locks @ mysql: copies the table into another place
ALTER TABLE a TABLESPACE ts1;

-- locks: rows are copied between partitions
ALTER TABLE a PARTITION BY HASH (id) PARTITIONS 8;

-- locks: rows are copied between partitions
ALTER TABLE a REORGANIZE PARTITION p0 INTO (PARTITION p0a VALUES LESS THAN (10), PARTITION p0b VALUES LESS THAN (20));

-- locks: rows are copied back
ALTER TABLE a REMOVE PARTITIONING;

-- care: a new and empty range
ALTER TABLE a ADD PARTITION (PARTITION p9 VALUES LESS THAN (1000));

-- locks: hash partitions move rows
ALTER TABLE a ADD PARTITION PARTITIONS 4;

-- breaks: rows vanish
ALTER TABLE a DROP PARTITION p0;

-- breaks: rows vanish
ALTER TABLE a TRUNCATE PARTITION p0;

-- breaks: rows are swapped
ALTER TABLE a EXCHANGE PARTITION p0 WITH TABLE b;

-- locks @ mariadb: history columns are added by a copy
ALTER TABLE a ADD SYSTEM VERSIONING;

-- breaks: the old version reads it
DROP TABLE a;

-- breaks: every one of them
DROP TABLE IF EXISTS a, b;

-- safe: it was created in this file
CREATE TABLE tmp (id int);
DROP TABLE tmp;

-- safe: temporary tables belong to the session
DROP TEMPORARY TABLE IF EXISTS a;

-- breaks: the old version reads it
DROP VIEW v;

-- breaks: the old version calls it
DROP PROCEDURE p;

-- breaks: the old version relies on its work
DROP TRIGGER t;

-- breaks: everything in it
DROP DATABASE app;

-- breaks: the rows are gone
TRUNCATE TABLE a;

-- breaks: hidden in a comment that the server executes
/*!50000 DROP TABLE a */;

-- locks: builds the table again
OPTIMIZE TABLE a;

-- care: maintenance is no migration
ANALYZE TABLE a;

-- locks: everything waits
LOCK TABLES a WRITE;

-- locks: every row at once
UPDATE a SET b = 1;

-- safe: bounded by key
UPDATE a SET b = 1 WHERE id BETWEEN 1 AND 1000;

-- safe: bounded by a limit
DELETE FROM a WHERE b IS NULL LIMIT 1000;

-- locks: every row at once
DELETE FROM a;

-- locks: two tables and every row that joins
UPDATE a JOIN b ON a.id = b.id SET a.c = b.c;

-- safe: rows that stand in the text
INSERT INTO a (id, name) VALUES (1, 'O\'Neil; x'), (2, "y") ON DUPLICATE KEY UPDATE name = 'z';

-- care: as many rows as the query finds
INSERT INTO a SELECT * FROM b;

-- care: as many rows as the query finds
REPLACE INTO a SELECT * FROM b WHERE id > 5;

-- safe: reading holds up nobody
SELECT count(*) FROM a;

-- opaque: a function can do anything
SELECT migrate_everything();

-- opaque: a procedure can do anything
CALL p();

-- opaque: a body can do anything
CREATE PROCEDURE p() BEGIN DELETE FROM a; DROP TABLE b; END;

-- opaque, care: a trigger has a body as well
CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1;

-- opaque: behind another delimiter
DELIMITER $$
CREATE FUNCTION f() RETURNS int DETERMINISTIC BEGIN RETURN 1; END$$

-- opaque: it runs later
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM a;

-- opaque: it changes the server
SET GLOBAL innodb_flush_log_at_trx_commit = 2;

-- care: keys are not checked
SET FOREIGN_KEY_CHECKS = 0;

-- safe: checks come back
SET FOREIGN_KEY_CHECKS = 1;

-- safe: a variable of the session
SET @x = 5;

-- safe: the encoding of the session
SET NAMES utf8mb4;

-- care @ mysql 8.0.12..9; mariadb: the schema ends the transaction
START TRANSACTION;
ALTER TABLE a ADD COLUMN b int;

-- opaque: it changes an account
CREATE USER app IDENTIFIED BY 'x';

-- breaks: permissions are taken away
REVOKE SELECT ON a FROM app;

-- safe: permissions are given
GRANT SELECT ON a TO app;

-- opaque: it is no SQL
ALTRE TABLE a ADD COLUMN b int;

-- opaque: it cannot be parsed
UPDATE a SET WHERE;

-- opaque: a clause that nobody knows
ALTER TABLE a FROBNICATE b;

-- opaque: files are replaced under the table
ALTER TABLE a DISCARD TABLESPACE;

-- opaque: it is a command to the client
LOAD DATA LOCAL INFILE 'a.csv' INTO TABLE a;

-- breaks @ mysql 8.0.29..9; mariadb: the same name in another database is another table
CREATE TABLE a (id int, b int);
USE other;
ALTER TABLE a DROP COLUMN b;

-- breaks: the temporary table is gone, and the real one is behind it
CREATE TEMPORARY TABLE a (id int);
DROP TEMPORARY TABLE a;
DROP TABLE a;

-- opaque @ mariadb: a block of code outside a routine
BEGIN NOT ATOMIC DROP TABLE a;

-- opaque @ mariadb: the statement stands at its end
SET STATEMENT max_statement_time = 1 FOR ALTER TABLE a DROP COLUMN b;
