package enishi.agent.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Time that passes at once: remembers each pause, and does something in the one it was told. */
final class ManualPause implements Pause {
    final List<Long> pauses = new ArrayList<>();
    private int number = Integer.MAX_VALUE;
    private Event event = () -> {};

    /** Something that happens while the sender waits. */
    @FunctionalInterface
    interface Event {
        void happen() throws IOException;
    }

    void during(int pause, Event happening) {
        number = pause;
        event = happening;
    }

    @Override
    public void untilOver(long millis) {
        pauses.add(millis);
        if (pauses.size() == number) {
            try {
                event.happen();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
