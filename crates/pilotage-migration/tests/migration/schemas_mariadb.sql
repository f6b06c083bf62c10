-- What the statements of the corpus find. All of them find this, and one of the schemas below it.
CREATE TABLE b (id int PRIMARY KEY, c int);
INSERT INTO b SELECT seq, seq FROM seq_1_to_3000;
CREATE PROCEDURE p() SELECT 1;

-- schema without_a
-- schema without_b
CREATE TABLE a (id int PRIMARY KEY, name varchar(50), c int);
INSERT INTO a SELECT seq, 'x', seq FROM seq_1_to_3000;
CREATE VIEW v AS SELECT id FROM a;

-- schema without_key
CREATE TABLE a (id int NOT NULL, name varchar(50), b_id int);
INSERT INTO a SELECT seq, 'x', seq FROM seq_1_to_3000;

-- schema of_two_columns
CREATE TABLE a (id int PRIMARY KEY, b int DEFAULT 1);
INSERT INTO a SELECT seq, seq FROM seq_1_to_3000;
CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 1;

-- schema with_numbers
CREATE TABLE a (id int PRIMARY KEY, b int, c int, name varchar(50));
INSERT INTO a SELECT seq, seq, seq, 'x' FROM seq_1_to_3000;

-- schema with_keys
CREATE TABLE a (id int PRIMARY KEY, b int, KEY k (b), KEY x (b, id), CONSTRAINT c CHECK (b > 0));
INSERT INTO a SELECT seq, seq FROM seq_1_to_3000;

-- schema with_references
CREATE TABLE a (id int PRIMARY KEY, b_id int, CONSTRAINT f FOREIGN KEY (b_id) REFERENCES b (id));
INSERT INTO a SELECT seq, seq FROM seq_1_to_3000;

-- schema with_texts
CREATE TABLE a (id int PRIMARY KEY, b text) CHARACTER SET latin1;
INSERT INTO a SELECT seq, 'x' FROM seq_1_to_3000;

-- schema with_places
CREATE TABLE a (id int PRIMARY KEY, b point NOT NULL);
INSERT INTO a SELECT seq, point(seq, seq) FROM seq_1_to_3000;

-- schema with_kinds
CREATE TABLE a (id int PRIMARY KEY, b enum('x', 'y'));
INSERT INTO a SELECT seq, 'x' FROM seq_1_to_3000;

-- schema with_ranges
CREATE TABLE a (id int PRIMARY KEY, c int) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (20), PARTITION p1 VALUES LESS THAN (4000));
INSERT INTO a SELECT seq, seq FROM seq_1_to_3000;

-- schema with_hashes
CREATE TABLE a (id int PRIMARY KEY, c int) PARTITION BY HASH (id) PARTITIONS 2;
INSERT INTO a SELECT seq, seq FROM seq_1_to_3000;
