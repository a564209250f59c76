package enishi.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvidenceTest {
    @Test
    void aUnionHoldsWhatEitherHolds() {
        Set<Evidence> both = Evidence.union(Set.of(Evidence.CONNECT, Evidence.PORT), EnumSet.of(Evidence.POLLED));
        assertThat(both).containsExactlyInAnyOrder(Evidence.CONNECT, Evidence.PORT, Evidence.POLLED);
        assertThat(Evidence.union(Set.of(), Set.of())).isEmpty();
        assertThat(Evidence.union(EnumSet.allOf(Evidence.class), Set.of())).containsOnly(Evidence.values());
    }

    @Test
    void whatWasUnitedDoesNotChangeWithItsParts() {
        EnumSet<Evidence> growing = EnumSet.of(Evidence.ACCEPT);
        Set<Evidence> both = Evidence.union(growing, Set.of(Evidence.LISTENER));
        growing.add(Evidence.PORT);
        assertThat(both).containsExactlyInAnyOrder(Evidence.ACCEPT, Evidence.LISTENER);
    }
}
