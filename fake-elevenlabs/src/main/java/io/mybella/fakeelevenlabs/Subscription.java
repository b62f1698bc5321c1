package io.mybella.fakeelevenlabs;

import java.util.List;

/** What is told of the plan and what is used of it. */
record Subscription(
    String tier,
    long characterCount,
    long characterLimit,
    String maxCreditLimitExtension,
    boolean canExtendCharacterLimit,
    boolean allowedToExtendCharacterLimit,
    int voiceSlotsUsed,
    int professionalVoiceSlotsUsed,
    int professionalVoiceSlotsUsedInWorkspace,
    int voiceLimit,
    int voiceAddEditCounter,
    int professionalVoiceLimit,
    boolean canExtendVoiceLimit,
    boolean canUseInstantVoiceCloning,
    boolean canUseProfessionalVoiceCloning,
    String currency,
    Price currentOverage,
    String status,
    List<String> openInvoices,
    boolean hasOpenInvoices) {

  static Subscription of(Account account, long charged, int clones) {
    return new Subscription(
        account.tier(),
        charged,
        account.characterLimit(),
        "unlimited",
        false,
        false,
        clones,
        0,
        0,
        account.voiceLimit(),
        clones,
        0,
        false,
        account.canClone(),
        false,
        "usd",
        new Price("0", "usd"),
        "active",
        List.of(),
        false);
  }

  /** An amount of money. */
  record Price(String amount, String currency) {}
}
