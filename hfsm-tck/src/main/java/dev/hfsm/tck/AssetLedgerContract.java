package dev.hfsm.tck;

import dev.hfsm.ledger.AssetLedger;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Everything an {@link AssetLedger} promises, case by case. Extend it, say how a ledger is made and
 * how time passes for it, and run the subclass as a JUnit test. The cases use real threads and no
 * sleeps; instants are compared in milliseconds, and only with the ledger's own time.
 *
 * <p>An instance serves one case, so its subclass may keep what belongs to the ledger in fields.
 */
public abstract class AssetLedgerContract
    implements AdmissionCases,
        ReferenceCases,
        GuardedReleaseCases,
        VariantRequestCases,
        LaterRequestCases,
        ClaimCases,
        RequestAndClaimCases,
        SuspectCases,
        PauseCases,
        LostLeaseCases,
        LeaseCases,
        InspectionCases,
        PublicationCases,
        SettlementCases,
        CollectionCases,
        CollectableCases,
        GarbageCases,
        EvictionCases,
        WorthCases,
        HoldCases,
        VisibilityCases,
        PurgeCases,
        DamageCases,
        RemovalCases,
        InventoryCases,
        ChoreCases,
        CostCases,
        BellCases,
        ListingCases,
        RedriveCases,
        StatsCases {

  private @Nullable LedgerScene scene;

  /** A ledger that is empty and shares nothing with earlier ones. The contract closes it. */
  protected abstract AssetLedger newLedger();

  /**
   * Makes the ledger of this case believe that time has passed, as far as leases, due times, graces
   * and retry times are concerned: by moving its clock, or by ageing every time it has stored.
   * Times inside storage keys and failures need not age.
   */
  protected abstract void elapse(Duration time);

  /**
   * Another handle on the ledger of a case, as another node would open it; the same one where
   * nothing but one process can share a ledger. The contract closes it.
   */
  protected AssetLedger anotherHandle(AssetLedger open) {
    return open;
  }

  /** Opens the ledger of a case. */
  @BeforeEach
  public final void openLedger() {
    scene = new LedgerScene(newLedger(), this::elapse, this::anotherHandle);
  }

  /** Closes the ledger of a case. */
  @AfterEach
  public final void closeLedger() {
    if (scene != null) {
      scene.ledger.close();
    }
  }

  @Override
  public final LedgerScene scene() {
    if (scene == null) {
      throw new IllegalStateException("no case is under way");
    }
    return scene;
  }
}
