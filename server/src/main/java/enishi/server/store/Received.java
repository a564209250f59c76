package enishi.server.store;

import enishi.model.Report;

/** A report and when it arrived, server's wall clock, milliseconds since the epoch. */
public record Received(Report report, long receivedAtMillis) {}
