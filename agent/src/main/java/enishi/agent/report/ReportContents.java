package enishi.agent.report;

import enishi.agent.spool.Contents;
import enishi.wire.MalformedReportException;
import enishi.wire.ReportCodec;

/** What the spool holds, understood as reports: what is dropped becomes a gap, what is said twice is folded. */
public final class ReportContents implements Contents {
    private static final System.Logger LOG = System.getLogger(ReportContents.class.getName());
    private final Gaps gaps;

    public ReportContents(Gaps gaps) {
        this.gaps = gaps;
    }

    @Override
    public void dropped(byte[] report) {
        try {
            gaps.add(ReportCodec.decode(report));
        } catch (MalformedReportException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a dropped report could not be read, its minutes are unknown: {0}",
                    e.getMessage());
        }
    }

    @Override
    public Folding folding() {
        return new ReportFolding();
    }
}
