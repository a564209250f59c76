package enishi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnTest {
    private final Semaphore one = new Semaphore(1, true);

    @Test
    void whoHasItAlreadyNeedNotWait() {
        try (Turn turn = new Turn(one)) {
            turn.take();
            turn.take();
            assertThat(one.availablePermits()).isZero();
        }
        assertThat(one.availablePermits()).isEqualTo(1);
    }

    @Test
    void whoNeverTookItGivesNothingBack() {
        new Turn(one).close();
        assertThat(one.availablePermits()).isEqualTo(1);
    }

    @Test
    void theNextWaitsUntilItIsGivenBack() throws Exception {
        Turn first = new Turn(one);
        first.take();
        CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> {
            try (Turn turn = new Turn(one)) {
                turn.take();
                return one.availablePermits();
            }
        });
        while (!one.hasQueuedThreads()) {
            Thread.onSpinWait();
        }
        assertThat(second).isNotDone();
        first.close();
        assertThat(second.get(10, TimeUnit.SECONDS)).isZero();
    }
}
