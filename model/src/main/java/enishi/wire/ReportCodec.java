package enishi.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import enishi.model.Report;

/** Reports as the bytes of {@code report.proto}, and back. */
public final class ReportCodec {
    /** The version this code writes, and the only one it reads. */
    public static final int VERSION = 1;

    private ReportCodec() {}

    public static byte[] encode(Report report) {
        return new ReportWriter(report).write().toByteArray();
    }

    /**
     * Reads a report, checking every reference and bound.
     *
     * @throws MalformedReportException if the bytes are no report of this version; nothing else is thrown on any input
     */
    public static Report decode(byte[] bytes) throws MalformedReportException {
        try {
            return new ReportReader(enishi.wire.v1.Report.parseFrom(bytes)).read();
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedReportException("not a report: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new MalformedReportException("not a valid report: " + e.getMessage(), e);
        }
    }
}
