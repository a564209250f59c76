-- A store as version 3 left it: two hosts, hour 483346 rolled up and its minute rows dropped, hour 483432 not over.
CREATE TABLE coverage(host INTEGER, high BIGINT, low BIGINT, minute BIGINT, incarnation BIGINT, sequence BIGINT, rung
    SMALLINT, watched BIGINT, seen BIGINT, lost BIGINT, dropped BIGINT, unknown_owner BIGINT, unseen_peers BIGINT,
    unaccounted BIGINT);
CREATE TABLE day(host INTEGER, flow BIGINT, day BIGINT, mask BIGINT, opened BIGINT, closed BIGINT, failed BIGINT,
    active BIGINT, client_bytes BIGINT, server_bytes BIGINT, rtt_micros INTEGER, retransmits BIGINT, first_seen
    BIGINT, last_seen BIGINT, evidence SMALLINT, most_processes BIGINT);
CREATE TABLE flow(id BIGINT, host INTEGER, host_high BIGINT, host_low BIGINT, namespace BIGINT, program VARCHAR,
    service VARCHAR, container VARCHAR, role SMALLINT, local_high BIGINT, local_low BIGINT, remote_high BIGINT,
    remote_low BIGINT, server_port INTEGER, transport SMALLINT);
CREATE TABLE host(number INTEGER, high BIGINT, low BIGINT, incarnation BIGINT, sequence BIGINT, first_received BIGINT,
    received BIGINT, sent BIGINT, rung SMALLINT, rung_sequence BIGINT, name VARCHAR, boot_id VARCHAR, namespaces
    BIGINT[], address_highs BIGINT[], address_lows BIGINT[], label_names VARCHAR[], label_values VARCHAR[]);
CREATE TABLE hour_20139(host INTEGER, flow BIGINT, hour BIGINT, mask BIGINT, opened BIGINT, closed BIGINT, failed
    BIGINT, active BIGINT, client_bytes BIGINT, server_bytes BIGINT, rtt_micros INTEGER, retransmits BIGINT,
    first_seen BIGINT, last_seen BIGINT, evidence SMALLINT, most_processes BIGINT);
CREATE TABLE listener(host INTEGER, high BIGINT, low BIGINT, incarnation BIGINT, sequence BIGINT, namespace BIGINT,
    address_high BIGINT, address_low BIGINT, port INTEGER, transport SMALLINT, v6_only BOOLEAN, program VARCHAR,
    service VARCHAR, container VARCHAR, pid INTEGER, start BIGINT, first_seen BIGINT, last_seen BIGINT);
CREATE TABLE minute_483432(host INTEGER, flow BIGINT, minute BIGINT, incarnation BIGINT, sequence BIGINT, opened
    BIGINT, closed BIGINT, failed BIGINT, active BIGINT, client_bytes BIGINT, server_bytes BIGINT, rtt_micros INTEGER,
    retransmits BIGINT, first_seen BIGINT, last_seen BIGINT, evidence SMALLINT, pids INTEGER[], starts BIGINT[],
    more_processes BIGINT);
CREATE TABLE process(host INTEGER, flow BIGINT, pid INTEGER, start BIGINT, first_minute BIGINT, last_minute BIGINT);
CREATE TABLE schema_version(version INTEGER);
CREATE TABLE sealed(tier TINYINT, slot BIGINT, rows BIGINT);
INSERT INTO coverage VALUES (0, 1, -1, 29000777, 5, 3, 10, 7, 1, 2, 3, 4, 5, 6);
INSERT INTO coverage VALUES (0, 1, -1, 29000778, 5, 3, 10, 1152921504606846975, 10, 11, 12, 13, 14, 15);
INSERT INTO coverage VALUES (0, 1, -1, 29000777, 5, 4, 10, 1152921504606846975, 10, 11, 12, 13, 14, 15);
INSERT INTO coverage VALUES (0, 1, -1, 29000779, 5, 4, 10, 1152921504606846975, 10, 11, 12, 13, 14, 15);
INSERT INTO coverage VALUES (0, 1, -1, 29000779, 6, 1, 40, 8, 100, 101, 102, 103, 104, 105);
INSERT INTO coverage VALUES (0, 1, -1, 29000819, 5, 5, 10, 1152921504606846975, 0, 1, 2, 3, 4, 5);
INSERT INTO coverage VALUES (0, 1, -1, 29000820, 5, 5, 10, 1152921504606846975, 0, 1, 2, 3, 4, 5);
INSERT INTO coverage VALUES (1, 2, -2, 29005920, 9, 2, 30, 1152921504606846975, 2, 3, 4, 5, 6, 7);
INSERT INTO coverage VALUES (1, 2, -2, 29005921, 9, 3, 30, 1152921504606846975, 2, 3, 4, 5, 6, 7);
INSERT INTO day VALUES (0, 2070812919174935181, 20139, 1024, 7, 0, 0, 4, NULL, NULL, 0, 0, 1740046620000,
    1740047821004, 1, 1);
INSERT INTO flow VALUES (2070812919174935181, 0, 1, -1, 0, 'p1', 's1', NULL, 1, 0, 281470849515521,
    2306139568115548160, 1, 5001, 6);
INSERT INTO flow VALUES (303326907280953075, 1, 2, -2, 0, 'p2', 's2', 'c', 1, 0, 281470849515522, 0, 281470849515522,
    5002, 6);
INSERT INTO host VALUES (0, 1, -1, 5, 8, 1700000050001, 1700000050008, 1000, 10, 5, 'host-1', 'boot', '[0]', '[0]',
    '[281470849515521]', '[site]', '[s1]');
INSERT INTO host VALUES (0, 1, -1, 6, 2, 1700000060001, 1700000060002, 1000, 40, 1, 'host-1', 'boot', '[0]', '[0]',
    '[281470849515521]', '[site]', '[s1]');
INSERT INTO host VALUES (1, 2, -2, 9, 3, 1700000090001, 1700000090003, 1000, 30, 3, 'host-2', 'boot', '[0]', '[0]',
    '[281470849515522]', '[site]', '[s0]');
INSERT INTO hour_20139 VALUES (0, 2070812919174935181, 483346, 137439084544, 7, 0, 0, 4, NULL, NULL, 0, 0,
    1740046620000, 1740047821004, 1, 1);
INSERT INTO listener VALUES (0, 1, -1, 5, 6, 0, 0, 0, 80, 6, false, 'd', 'd', NULL, 1, 1, 1740009600000, 1740009610000);
INSERT INTO listener VALUES (0, 1, -1, 5, 7, 0, 0, 0, 80, 6, false, 'd', 'd', NULL, 2, 2, 1740009600000, 1740009650000);
INSERT INTO listener VALUES (0, 1, -1, 6, 2, 0, 0, 0, 80, 6, false, 'd', 'd', NULL, NULL, NULL, 1740009720000,
    1740009730000);
INSERT INTO listener VALUES (0, 1, -1, 5, 8, 0, 0, 0, 443, 6, false, 'd', 'd', NULL, NULL, NULL, 1740009600000,
    1740009650000);
INSERT INTO minute_483432 VALUES (1, 303326907280953075, 29005920, 9, 1, 7, 0, 0, 7, NULL, NULL, 0, 0, 1740355200000,
    1740355201007, 1, '[7]', '[70]', 0);
INSERT INTO process VALUES (0, 2070812919174935181, 7, 70, 29000777, 29000797);
INSERT INTO schema_version VALUES (3);
INSERT INTO sealed VALUES (1, 483346, 2);
INSERT INTO sealed VALUES (2, 20139, 2);
INSERT INTO sealed VALUES (3, 20139, 0);
