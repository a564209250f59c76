package enishi.lab.fleet;

/** When a dependency is alive, as a mask of an hour's minutes (bit n for minute n), decided by its number alone. */
enum Activity {
    ALWAYS {
        @Override
        long minutes(long dependency, long hour) {
            return WHOLE_HOUR;
        }
    },

    /** One minute in five. */
    EVERY_FIVE_MINUTES {
        @Override
        long minutes(long dependency, long hour) {
            return ONE_IN_FIVE << Noise.of(dependency, 1).below(5);
        }
    },

    /** In one hour of eight, for 3 to 20 minutes. */
    BURSTS {
        @Override
        long minutes(long dependency, long hour) {
            Noise noise = Noise.of(dependency, hour);
            if (noise.below(8) != 0) {
                return 0;
            }
            int length = 3 + noise.next().below(18);
            return ((1L << length) - 1) << noise.next().next().below(60 - length + 1);
        }
    };

    static final long WHOLE_HOUR = (1L << 60) - 1;
    private static final long ONE_IN_FIVE = 0x084210842108421L;

    abstract long minutes(long dependency, long hour);

    /** Mixes of activities; a dependency's place in a mix follows from its number. */
    enum Mix {
        /** Half always, a quarter every five minutes, a quarter in bursts. */
        A,
        ALWAYS_ON;

        Activity of(long dependency) {
            if (this == ALWAYS_ON) {
                return ALWAYS;
            }
            return switch (Noise.of(dependency, 0).below(4)) {
                case 0 -> EVERY_FIVE_MINUTES;
                case 1 -> BURSTS;
                default -> ALWAYS;
            };
        }
    }
}
