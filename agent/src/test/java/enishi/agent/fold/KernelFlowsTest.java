package enishi.agent.fold;

import static org.assertj.core.api.Assertions.assertThat;

import enishi.agent.capture.Holder;
import enishi.agent.capture.KernelCounts;
import enishi.agent.capture.OpenForgotten;
import enishi.model.Address;
import enishi.model.Evidence;
import enishi.model.Observation;
import enishi.model.ProcessId;
import enishi.model.Role;
import enishi.model.Traffic;
import enishi.model.Transport;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the kernel has folded is counted at once, and what is open follows from it. */
class KernelFlowsTest extends FoldKit {
    private static final Holder CURL = new Holder(7, 700, "curl", 1);
    private static final Holder NOBODY = new Holder(0, 0, "", 0);

    private static KernelCounts told(Holder holder, long opened, long adopted, long closed, long failed) {
        return new KernelCounts(
                0,
                Transport.TCP,
                Role.CLIENT,
                Address.parse(HERE),
                Address.parse(THERE),
                443,
                holder,
                opened,
                adopted,
                closed,
                failed,
                10 * opened,
                20 * opened,
                true,
                150,
                0,
                "api.example");
    }

    private Observation only() {
        return onlyFlow().observations().getLast();
    }

    @Test
    void shortConnectionsAreCountedWithTheirProcessAndTheirBytes() {
        poll(told(CURL, 5, 0, 5, 0));
        Observation seen = only();
        assertThat(seen.opened()).isEqualTo(5);
        assertThat(seen.closed()).isEqualTo(5);
        assertThat(seen.active()).isZero();
        assertThat(seen.traffic()).isEqualTo(new Traffic(50, 100));
        assertThat(seen.processes()).containsExactly(new ProcessId(7, 700));
        assertThat(seen.evidence()).containsExactly(Evidence.CONNECT);
        assertThat(table.counters().unknownOwner()).isZero();
        poll(told(CURL, 1, 0, 1, 0));
        assertThat(onlyFlow().flow().name()).isEqualTo("api.example");
    }

    @Test
    void whatIsAdoptedIsOpenAndNotOpened() {
        poll(told(CURL, 0, 2, 0, 0));
        poll(told(CURL, 1, 0, 1, 0));
        Observation seen = only();
        assertThat(seen.opened()).isEqualTo(1);
        assertThat(seen.active()).isEqualTo(2);
        assertThat(table.counters().connections()).isEqualTo(2);
    }

    @Test
    void whatWasToldBeforeTheClockRanBackIsNotToldAgain() {
        poll(told(CURL, 3, 0, 1, 0));
        assertThat(only().opened()).isEqualTo(3);
        now = START - 3_600_000;
        table.beginIncarnation(now);
        poll();
        assertThat(onlyFlow().observations()).hasSize(1).allSatisfy(each -> {
            assertThat(each.minute()).isEqualTo(now / 60_000);
            assertThat(each.opened()).isZero();
            assertThat(each.active()).isEqualTo(2);
        });
    }

    @Test
    void whatIsOpenIsForgottenWhenEndsWereLostAndToldAnew() {
        poll(told(CURL, 9, 0, 0, 0));
        poll(new OpenForgotten(Set.of(Transport.TCP)), told(CURL, 0, 3, 0, 0));
        Observation seen = only();
        assertThat(seen.opened()).isEqualTo(9);
        assertThat(seen.active()).isEqualTo(3);
    }

    @Test
    void anAttemptIsNoDependencyAndNobodysIsCountedAsUnknown() {
        poll(told(NOBODY, 0, 0, 0, 4));
        Observation seen = only();
        assertThat(seen.isAttempt()).isTrue();
        assertThat(seen.failed()).isEqualTo(4);
        assertThat(table.counters().unknownOwner()).isEqualTo(4);
    }

    @Test
    void whatFindsNoRoomIsDroppedAndCounted() {
        table = table(new FoldLimits(10, 10, 0));
        poll(told(CURL, 5, 0, 5, 0));
        FoldCounters counters = table.counters();
        assertThat(counters.dropped()).isEqualTo(5);
        assertThat(counters.in()).isEqualTo(counters.folded() + counters.dropped() + counters.waiting());
    }
}
