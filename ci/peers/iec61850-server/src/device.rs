//! One server of the stack, restartable.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use iec61850_model::utc_time::{TimeAccuracy, TimeQuality, UtcTime};
use iec61850_model::{
    DataAttribute, DataAttributeType, FC, IedModel, MmsValue, NodeRef, ObjectRef,
};
use iec61850_server::{IedServer, IedServerConfig, ServerHandle, WriteAccessPolicies};
use tokio::runtime::Handle;

use crate::Failure;
use crate::control::{self, Moods};

/// How long the supply is off when it is interrupted.
const OFF: Duration = Duration::from_millis(200);

/// The device that the stack serves.
pub struct Device {
    runtime: Handle,
    scl: String,
    ied: String,
    mms: SocketAddr,
    running: Mutex<Option<(IedServer, ServerHandle)>>,
    /// What the process does to commands.
    pub moods: Arc<Moods>,
}

impl Device {
    /// Starts serving.
    pub fn start(
        runtime: Handle,
        scl: String,
        ied: String,
        mms: SocketAddr,
    ) -> Result<Self, Failure> {
        let device = Self {
            runtime,
            scl,
            ied,
            mms,
            running: Mutex::new(None),
            moods: Arc::default(),
        };
        let served = device.serve()?;
        *device.lock() = Some(served);
        Ok(device)
    }

    /// An interruption of the supply: everything that the stack itself does not keep is lost.
    pub fn restart(&self) -> Result<(), Failure> {
        let mut running = self.lock();
        if let Some((_, handle)) = running.take() {
            self.runtime.block_on(handle.stop());
        }
        self.moods.forget();
        std::thread::sleep(OFF);
        *running = Some(self.serve()?);
        Ok(())
    }

    /// The server that runs now.
    pub fn server(&self) -> Result<IedServer, Failure> {
        let running = self.lock();
        let (server, _) = running.as_ref().ok_or("the server does not run")?;
        Ok(server.clone())
    }

    fn serve(&self) -> Result<(IedServer, ServerHandle), Failure> {
        let resolved = iec61850_scl::ResolvedScl::from_raw(iec61850_scl::parse_scl(&self.scl)?)?;
        let model: Arc<IedModel> = Arc::new(resolved.build_model(&self.ied)?);
        let mut writable = WriteAccessPolicies::default();
        for fc in [FC::Sp, FC::Sv, FC::Cf, FC::Dc, FC::Se, FC::Bl] {
            writable.set(fc, true);
        }
        let mut config = IedServerConfig::default();
        config.write_access_policies = writable;
        let server = IedServer::builder()
            .model(Arc::clone(&model))
            .bind(self.mms)
            .config(config)
            .build()?;
        server.register_from_model()?;
        control::install(&server, &model, &self.moods);
        let handle = self.runtime.block_on(server.start())?;
        Ok((server, handle))
    }

    fn lock(&self) -> MutexGuard<'_, Option<(IedServer, ServerHandle)>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The attribute behind `LD/LN.DO.DA[FC]`.
pub fn attribute<'a>(model: &'a IedModel, reference: &str) -> Result<&'a DataAttribute, Failure> {
    let (path, fc) = reference
        .strip_suffix(']')
        .and_then(|rest| rest.split_once('['))
        .ok_or_else(|| format!("`{reference}` is not LD/LN.DO.DA[FC]"))?;
    let mut name = ObjectRef::parse_iec(path)?;
    name.fc = Some(FC::parse(fc)?);
    match model.node_by_object_ref(&name) {
        Some(NodeRef::Da(attribute)) => Ok(attribute),
        _ => Err(format!("no data attribute `{reference}` in the model").into()),
    }
}

/// Gives a leaf a value of the type it has; the stack raises the triggers that the attribute declares.
pub fn update(server: &IedServer, leaf: &DataAttribute, value: MmsValue) -> Result<(), Failure> {
    match value {
        MmsValue::Boolean(value) => server.update_boolean(leaf, value)?,
        MmsValue::Integer(value) => server.update_int64(leaf, value)?,
        MmsValue::Unsigned(value) => server.update_unsigned(leaf, value.try_into()?)?,
        MmsValue::Float32(value) => server.update_float32(leaf, value)?,
        MmsValue::Float64(value) => server.update_float64(leaf, value)?,
        MmsValue::VisibleString(value) => server.update_visible_string(leaf, value)?,
        MmsValue::BitString { padding, data } => server.update_bit_string(leaf, &data, padding)?,
        other => return Err(format!("this stack has no update of a {}", other.type_name()).into()),
    }
    Ok(())
}

/// Sets the `t` of the data object that holds an attribute: the nearest one on the way up. The stack has no update of a time
/// stamp, and needs none: it triggers nothing.
pub fn stamp(model: &IedModel, reference: &str) {
    let Some((mut path, fc)) = reference.split_once('[') else {
        return;
    };
    while let Some((parent, _)) = path.rsplit_once('.') {
        if let Ok(stamp) = attribute(model, &format!("{parent}.t[{fc}"))
            && stamp.ty == DataAttributeType::Timestamp
        {
            stamp.store(MmsValue::UtcTime(now()));
            return;
        }
        path = parent;
    }
}

fn now() -> [u8; 8] {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let accuracy = TimeAccuracy::bits(10).unwrap_or(TimeAccuracy::UNSPECIFIED);
    UtcTime::from_duration_since_epoch(since, TimeQuality::new(true, false, false, accuracy))
        .unwrap_or(UtcTime::NULL)
        .to_bytes()
}
