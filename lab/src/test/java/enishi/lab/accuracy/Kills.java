package enishi.lab.accuracy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Ends servers and agents by SIGKILL while a window lasts, starts them anew, and cuts the network between them. */
final class Kills {
    private Kills() {}

    /** An agent that was killed. */
    record Kill(Method method, String host, Instant at) {}

    /**
     * Waits for so many seconds, and so often meanwhile, evenly, kills each rung's server and a part of its agents:
     * the next time the next part, all of them once. After the first time no agent reaches a server for an eighth of the
     * window. Returns when all of them run again.
     */
    static List<Kill> during(Laboratory laboratory, int seconds, int times) throws Exception {
        long beganNanos = System.nanoTime();
        List<Kill> all = new ArrayList<>();
        List<String> hosts = laboratory.site().names();
        for (int i = 0; i < times; i++) {
            awaitPart(beganNanos, seconds, (2 * i + 1.0) / (2 * times));
            List<String> part = hosts.subList(hosts.size() * i / times, hosts.size() * (i + 1) / times);
            for (Map.Entry<Method, Installed> each : laboratory.installed().entrySet()) {
                Instant at = each.getValue().kill(part);
                part.forEach(host -> all.add(new Kill(each.getKey(), host, at)));
                each.getValue().startAgain(part);
            }
            if (i == 0) {
                laboratory.site().cut(Duration.ofSeconds(seconds).dividedBy(8));
            }
        }
        awaitPart(beganNanos, seconds, 1);
        return all;
    }

    private static void awaitPart(long beganNanos, int seconds, double part) throws InterruptedException {
        long dueNanos = beganNanos + (long) (part * TimeUnit.SECONDS.toNanos(seconds));
        TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
    }
}
