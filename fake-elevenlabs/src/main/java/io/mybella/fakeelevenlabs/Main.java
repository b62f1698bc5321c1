package io.mybella.fakeelevenlabs;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** The stand-in as a program. */
public final class Main {

  private static final int USUAL_PORT = 8085;
  private static final int HIGHEST_PORT = 65_535;

  private Main() {}

  /**
   * Runs until the process is told to end.
   *
   * @param arguments a port, 8085 when left out; an address of this machine, 127.0.0.1 when left
   *     out; a plan, {@code creator} when left out
   */
  public static void main(String[] arguments) throws UnknownHostException {
    int port = arguments.length > 0 ? port(arguments[0]) : USUAL_PORT;
    String address = arguments.length > 1 ? arguments[1] : "127.0.0.1";
    Account account = Account.ofPlan(arguments.length > 2 ? arguments[2] : "creator");
    FakeElevenLabs fake =
        new FakeElevenLabs(account, new InetSocketAddress(InetAddress.getByName(address), port));
    fake.hasUsualVoices();
    Runtime.getRuntime().addShutdownHook(new Thread(fake::close, "close"));
    System.out.printf(
        "A stand-in for ElevenLabs answers at %s (plan %s). Its voices are tones.%n",
        fake.baseUrl(), account.tier());
    System.out.println(
        "Any key is accepted. Faults: GET, PUT and DELETE /_faults; what was asked:");
    System.out.println("GET /_record.");
  }

  private static int port(String text) {
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= HIGHEST_PORT) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException("A port is a number up to 65535, not \"" + text + "\"");
  }
}
